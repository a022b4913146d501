type Ending = () => Promise<void>

/**
 * What is ended after each test, and after each file of tests. Helpers add to these: many files share a process, which imports a helper once, so that a hook of
 * its own would hold for the first of them alone.
 */
export const endings: { readonly ofTest: Ending[]; readonly ofFile: Ending[] } = { ofTest: [], ofFile: [] }

/** The environment that this process began with. */
export const firstEnvironment: Readonly<NodeJS.ProcessEnv> = { ...process.env }

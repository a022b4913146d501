import { verbs } from '../list.ts'
import { createProgram } from './program.ts'
import { report } from './report.ts'
import { watchOutput } from './stdout.ts'

/** Only the verbs that are named are imported, unless what is asked for needs them all. */
function neededVerbs(args: readonly string[]): string[] {
  const all = Object.keys(verbs)
  const named = all.filter((name) => args.includes(name))
  return named.length === 0 || args.includes('completion') || args.includes('help') ? all : named
}

function isComment(argument: string): boolean {
  return /^--\s/.test(argument)
}

/** A statement that begins with a comment is no flag: it goes behind a `--`. */
function commentsLast(args: readonly string[]): string[] {
  const comments = args.filter(isComment)
  if (comments.length === 0 || args.includes('--')) return [...args]
  return [...args.filter((argument) => !isComment(argument)), '--', ...comments]
}

/** Runs a command line and returns the exit code: 0 done, 1 failed while running, 2 wrong usage or configuration. */
export async function run(args: readonly string[]): Promise<number> {
  watchOutput()
  try {
    const program = await createProgram(neededVerbs(args))
    if (args.length === 0) program.help({ error: true })
    await program.parseAsync(commentsLast(args), { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    return report(error, args.includes('--verbose'))
  }
}

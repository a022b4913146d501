import type { Command } from 'commander'

/** What the file of a verb exports. */
export interface Verb {
  /** Adds the verb to the program. */
  register(program: Command): void
}

/** Every verb, in the order of the help: a new one is a file here and a line. */
export const verbs: Readonly<Record<string, () => Promise<Verb>>> = {
  demo: () => import('./demo.ts'),
  load: () => import('./load.ts'),
  query: () => import('./query.ts'),
  run: () => import('./run.ts'),
  why: () => import('./why.ts'),
  generate: () => import('./generate.ts'),
  add: () => import('./add.ts'),
  aws: () => import('./aws.ts'),
  pipes: () => import('./pipes.ts'),
  firehose: () => import('./firehose.ts'),
  tasks: () => import('./tasks.ts'),
  deploy: () => import('./deploy.ts'),
  serve: () => import('./serve.ts'),
  status: () => import('./status.ts'),
  history: () => import('./history.ts'),
  rejects: () => import('./rejects.ts'),
  doctor: () => import('./doctor.ts'),
  backup: () => import('./backup.ts'),
  restore: () => import('./restore.ts'),
  completion: () => import('./completion.ts'),
}

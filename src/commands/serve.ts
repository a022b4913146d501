import type { Command } from 'commander'
import { printObject } from './output/print.ts'
import { globalFlags, wholeNumber } from './terminal/flags.ts'
import { write } from './terminal/stdout.ts'

interface ServeFlags {
  readonly host: string
  readonly port: number
}

/** millrace serve: the HTTP API and the page. */
export function register(program: Command): void {
  program
    .command('serve')
    .description(
      'Serve the lake to this machine: the page, /v1, /healthz and /metrics. Other commands then go through it. Ctrl-C stops it.',
    )
    .option('--host <address>', 'where to listen: 127.0.0.1 or ::1', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 takes any that is free', wholeNumber(0), 8484)
    .addHelpText('after', '\nExample:\n  millrace serve --lake ./millrace-lake --port 8484')
    .action(async ({ host, port }: ServeFlags, command: Command) => {
      const flags = globalFlags(command)
      const { openLog, openToServe, serveUntilStopped } = await import('./terminal/serving.ts')
      const lake = await openToServe(flags.lake)
      await serveUntilStopped(lake, { host, port, log: openLog(flags) }, async ({ url }) => {
        if (flags.output === 'json') await printObject('json', { url, lake: lake.directory })
        else if (flags.quiet !== true) await write(`Millrace serves ${lake.directory} at ${url} (Ctrl-C stops it).\n`)
      })
    })
}

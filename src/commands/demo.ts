import type { Command } from 'commander'
import { globalFlags, isLakeNamed, wholeNumber } from './terminal/flags.ts'

const demoLake = './millrace-demo'

/** millrace demo: a lake with live sample logs, served. */
export function register(program: Command): void {
  program
    .command('demo')
    .description(
      `Make a lake of sample logs with planted incidents in ${demoLake}, serve it, and keep live logs coming. Ctrl-C stops it.`,
    )
    .option('--port <number>', 'port to listen on; 0 takes any that is free', wholeNumber(0), 8484)
    .addHelpText('after', '\nExample:\n  millrace demo --port 8484')
    .action(async ({ port }: { readonly port: number }, command: Command) => {
      const flags = globalFlags(command)
      const { runDemo } = await import('./demo/run-demo.ts')
      await runDemo(isLakeNamed(command) ? flags : { ...flags, lake: demoLake }, port)
    })
}

import { Argument, type Command } from 'commander'
import { bashScript } from './completion/bash.ts'
import { fishScript } from './completion/fish.ts'
import { readWords } from './completion/words.ts'
import { zshScript } from './completion/zsh.ts'
import { write } from './terminal/stdout.ts'

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const

/** millrace completion: what a shell needs to complete verbs, options and their values. */
export function register(program: Command): void {
  program
    .command('completion')
    .description('Print the script that makes a shell complete verbs, options and their values.')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      '\nExamples:\n  millrace completion bash > ~/.local/share/bash-completion/completions/millrace\n  millrace completion zsh > "${fpath[1]}/_millrace"\n  millrace completion fish > ~/.config/fish/completions/millrace.fish',
    )
    .action(async (shell: keyof typeof scripts) => {
      await write(scripts[shell](readWords(program)))
    })
}

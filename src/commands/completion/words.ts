import type { Command, Option } from 'commander'

/** An option as a shell completes it. */
export interface OptionWords {
  readonly name: string
  readonly description: string
  readonly takesValue: boolean
  readonly choices: readonly string[]
}

/** A verb as a shell completes it. */
export interface VerbWords {
  readonly name: string
  readonly description: string
  readonly options: readonly OptionWords[]
  /** Values of its first argument; without any, arguments are files. */
  readonly choices: readonly string[]
}

/** All that can be completed. */
export interface ProgramWords {
  readonly globals: readonly OptionWords[]
  readonly verbs: readonly VerbWords[]
}

function optionWords(option: Option): OptionWords {
  return {
    name: option.long ?? '',
    description: option.description,
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? [],
  }
}

function optionsOf(command: Command): OptionWords[] {
  const help = command.createHelp()
  return help.visibleOptions(command).map(optionWords)
}

/** Reads what can be completed from the program itself. */
export function readWords(program: Command): ProgramWords {
  const verbs = program.createHelp().visibleCommands(program)
  return {
    globals: optionsOf(program),
    verbs: verbs.map((verb) => ({
      name: verb.name(),
      description: verb.description(),
      options: optionsOf(verb).filter(({ name }) => name !== '--help'),
      choices:
        verb.name() === 'help'
          ? verbs.map((other) => other.name())
          : [...(verb.registeredArguments[0]?.argChoices ?? []), ...verb.commands.map((one) => one.name())],
    })),
  }
}

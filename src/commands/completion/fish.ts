import type { OptionWords, ProgramWords } from './words.ts'

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`
}

function optionLine({ name, description, takesValue, choices }: OptionWords, condition: string): string {
  const value = choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : ' -r -F'
  return `complete -c millrace${condition} -l ${name.slice(2)}${takesValue ? value : ''} -d ${quoted(description)}`
}

function seen(verb: string): string {
  return ` -n ${quoted(`__fish_seen_subcommand_from ${verb}`)}`
}

/** Completion for fish. */
export function fishScript({ globals, verbs }: ProgramWords): string {
  return [
    '# fish completion for millrace',
    ...verbs.map(
      (verb) => `complete -c millrace -n __fish_use_subcommand -f -a ${verb.name} -d ${quoted(verb.description)}`,
    ),
    ...verbs
      .filter((verb) => verb.choices.length > 0)
      .map((verb) => `complete -c millrace${seen(verb.name)} -f -a ${quoted(verb.choices.join(' '))}`),
    ...globals.map((option) => optionLine(option, '')),
    ...verbs.flatMap((verb) => verb.options.map((option) => optionLine(option, seen(verb.name)))),
    '',
  ].join('\n')
}

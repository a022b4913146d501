import type { OptionWords, ProgramWords, VerbWords } from './words.ts'

/** Text between single quotes of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** Text in which zsh's own signs stand for themselves. */
function plain(text: string): string {
  return text.replaceAll(/[\\[\]:]/g, String.raw`\$&`)
}

function optionSpec({ name, description, takesValue, choices }: OptionWords): string {
  const values = choices.length > 0 ? `(${choices.join(' ')})` : '_files'
  return quoted(`${name}[${plain(description)}]${takesValue ? `:value:${values}` : ''}`)
}

function verbCase(verb: VerbWords): string {
  const argument = verb.choices.length > 0 ? `1:argument:(${verb.choices.join(' ')})` : '*:file:_files'
  return `    ${verb.name}) _arguments $globals ${[...verb.options.map(optionSpec), quoted(argument)].join(' ')} ;;`
}

/** Completion for zsh. */
export function zshScript({ globals, verbs }: ProgramWords): string {
  return `#compdef millrace
_millrace() {
  local -a verbs globals
  local curcontext="$curcontext" state line
  typeset -A opt_args
  verbs=(
${verbs.map((verb) => `    ${quoted(`${verb.name}:${plain(verb.description)}`)}`).join('\n')}
  )
  globals=(
${globals.map((option) => `    ${optionSpec(option)}`).join('\n')}
  )
  _arguments -C $globals '1:verb:->verb' '*::argument:->argument'
  case $state in
    verb) _describe verb verbs ;;
    argument) case $line[1] in
${verbs.map(verbCase).join('\n')}
    esac ;;
  esac
}
if [ "$funcstack[1]" = "_millrace" ]; then _millrace "$@"; else compdef _millrace millrace; fi
`
}

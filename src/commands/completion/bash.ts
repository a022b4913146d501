import type { OptionWords, ProgramWords } from './words.ts'

function valueCase(verb: string, option: OptionWords): string {
  if (option.choices.length > 0)
    return `    ${verb}:${option.name}) COMPREPLY=($(compgen -W '${option.choices.join(' ')}' -- "$current")); return ;;`
  return `    ${verb}:${option.name}) COMPREPLY=($(compgen -f -- "$current")); return ;;`
}

function optionNames(options: readonly OptionWords[]): string {
  return options.map((option) => option.name).join(' ')
}

/** Completion for bash. */
export function bashScript({ globals, verbs }: ProgramWords): string {
  const names = verbs.map((verb) => verb.name)
  const values = [
    ...verbs.flatMap((verb) =>
      verb.options.filter((option) => option.takesValue).map((option) => valueCase(verb.name, option)),
    ),
    ...globals.filter((option) => option.takesValue).map((option) => valueCase('*', option)),
  ]
  const flags = verbs
    .filter((verb) => verb.options.length > 0)
    .map((verb) => `      ${verb.name}) options="$options ${optionNames(verb.options)}" ;;`)
  const first = verbs
    .filter((verb) => verb.choices.length > 0)
    .map((verb) => `    ${verb.name}) COMPREPLY=($(compgen -W '${verb.choices.join(' ')}' -- "$current")) ;;`)
  return `# bash completion for millrace
_millrace() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" verb='' word options
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in ${names.join('|')}) verb="$word"; break ;; esac
  done
  case "$verb:$previous" in
${values.join('\n')}
  esac
  if [[ "$current" == -* ]]; then
    options='${optionNames(globals)}'
    case "$verb" in
${flags.join('\n')}
    esac
    COMPREPLY=($(compgen -W "$options" -- "$current"))
    return
  fi
  case "$verb" in
    '') COMPREPLY=($(compgen -W '${names.join(' ')}' -- "$current")) ;;
${first.join('\n')}
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _millrace millrace
`
}

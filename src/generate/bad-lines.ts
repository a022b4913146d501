import type { FlowField } from './flow-fields.ts'
import type { Random } from './random.ts'

/** Makes a flow log line that no reader can take for a record. Characters stand for bytes. */
export function spoilFlowLine(line: string, fields: readonly FlowField[], random: Random): string {
  const values = line.split(' ')
  const integers = fields.flatMap((field, index) => (field.type === 'VARCHAR' ? [] : [index]))
  const ways = [invalidUtf8, nulByte]
  if (values.length > 1) ways.push(tooFewFields, truncated)
  if (integers.length > 0) ways.push(lettersInInteger)
  return random.pick(ways)()

  function tooFewFields(): string {
    return values.slice(0, random.between(1, values.length - 1)).join(' ')
  }

  function truncated(): string {
    const lastSpace = line.lastIndexOf(' ')
    return line.slice(0, random.between(1, lastSpace)).trimEnd()
  }

  function lettersInInteger(): string {
    const at = random.pick(integers)
    return values.map((value, index) => (index === at ? `${value === '-' ? '' : value}x7` : value)).join(' ')
  }

  function invalidUtf8(): string {
    return insertByte('\xff')
  }

  function nulByte(): string {
    return insertByte('\0')
  }

  function insertByte(byte: string): string {
    const at = random.below(values.length)
    return values.map((value, index) => (index === at ? `${value}${byte}` : value)).join(' ')
  }
}

/** Makes an access log line that no reader can take for a record. */
export function spoilAccessLine(line: string, random: Random): string {
  return random.pick([tooFewFields, truncated, lettersInInteger, nulByte])()

  function tooFewFields(): string {
    return line.split(' ').slice(0, random.between(2, 7)).join(' ')
  }

  function truncated(): string {
    return line.slice(0, random.between(70, 110)).trimEnd()
  }

  function lettersInInteger(): string {
    const spoiled = line.replace(/" (\d)\d(\d) /g, '" $1O$2 ')
    return spoiled === line ? truncated() : spoiled
  }

  function nulByte(): string {
    const at = random.below(line.length)
    return `${line.slice(0, at)}\0${line.slice(at)}`
  }
}

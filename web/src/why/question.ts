import { type Range, resolveRange } from '../range/range.ts'
import type { TextKey } from '../text/en.ts'

/** What is asked, as it stands in the fields and in the address. */
export interface WhyForm {
  readonly source: string
  readonly destination: string
  /** Empty: every port. */
  readonly port: string
  readonly range: Range
}

export type WhyField = 'source' | 'destination' | 'port' | 'range'
export type WhyFaults = Readonly<Partial<Record<WhyField, TextKey>>>

export const lastDay: Range = { from: '-24h', to: 'now' }

export function readWhy(parameters: URLSearchParams): WhyForm {
  return {
    source: parameters.get('source') ?? '',
    destination: parameters.get('destination') ?? '',
    port: parameters.get('port') ?? '',
    range: { from: parameters.get('from') ?? lastDay.from, to: parameters.get('to') ?? lastDay.to },
  }
}

/** The parameters of a question, as the address and the API have them. */
export function whySearch({ source, destination, port, range }: WhyForm): string {
  const parameters = new URLSearchParams({ source: source.trim(), destination: destination.trim() })
  if (port.trim() !== '') parameters.set('port', port.trim())
  parameters.set('from', range.from)
  parameters.set('to', range.to)
  return parameters.toString()
}

/** True where somebody has asked something. */
export function isAsked({ source, destination }: WhyForm): boolean {
  return source !== '' || destination !== ''
}

function isAddress(text: string): boolean {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return text.split('.').every((octet) => Number(octet) <= 255)
  return text.includes(':') && /^[\da-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]`)
}

function addressFault(text: string): TextKey | undefined {
  if (text === '') return 'whyAddressMissing'
  return isAddress(text) ? undefined : 'whyAddressInvalid'
}

/** What is wrong in the fields. */
export function faultsOf(form: WhyForm, now: number): WhyFaults {
  const [source, destination, port] = [form.source.trim(), form.destination.trim(), form.port.trim()]
  const ends = {
    source: addressFault(source),
    destination: addressFault(destination) ?? (source === destination ? 'whySame' : undefined),
    port: port === '' || (/^\d{1,5}$/.test(port) && Number(port) <= 65_535) ? undefined : 'whyPortInvalid',
    range: resolveRange(form.range, now) === undefined ? 'rangeInvalid' : undefined,
  } as const satisfies Record<WhyField, TextKey | undefined>
  return Object.fromEntries(Object.entries(ends).filter(([, fault]) => fault !== undefined))
}

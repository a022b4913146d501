import { stringify } from 'yaml'
import type { Written } from './template.ts'

/** A template as YAML, with what it leaves out as comments. Quoted as YAML 1.1 needs it, which CloudFormation reads. */
export function printYaml({ template, remarks }: Written): string {
  const comments = remarks.map((remark) => `# ${remark}\n`).join('')
  return comments + stringify(template, { version: '1.1', aliasDuplicateObjects: false, lineWidth: 0 })
}

/** As JSON, which has no comments: remarks are metadata. */
export function printJson({ template, remarks }: Written): string {
  const Metadata = remarks.length === 0 ? {} : { Metadata: { Remarks: remarks } }
  const { Resources, ...head } = template
  return `${JSON.stringify({ ...head, ...Metadata, Resources }, null, 2)}\n`
}

import type { Input, Operation } from '../operations.ts'

/** Properties of a resource, as CloudFormation writes them. */
export type Properties = Readonly<Record<string, unknown>>

/** What a call comes to in a template: a resource, or properties of one that another call makes. */
export interface Part {
  /** What it is, or what it belongs to: `bucket logs`. Once in a template. */
  readonly key: string
  /** `AWS::S3::Bucket`; undefined for properties of a resource of the same key. */
  readonly type?: string
  readonly properties: Properties
  /** A key that has to be in the same template: CloudFormation replaces what is there of others, so it is set only on what the stack makes. */
  readonly on?: string
  /** Keys that stand before, if they are in the template. */
  readonly after?: readonly string[]
  /** Holds data: it stays when the stack goes. */
  readonly isKept?: true
}

/** What calls come to, by their operation; those that are not here make nothing. */
export type Forms = { readonly [O in Operation]?: (input: Input<O>) => Part[] }

import { MillraceError } from '../errors.ts'
import type { Stage, StageObject } from './stage.ts'

/** An object whose bytes are here already. */
export interface HeldObject {
  readonly object: StageObject
  readonly bytes: Uint8Array
}

/** A stage over objects that come with their bytes, which are held until `release`. */
export class HeldStage implements Stage {
  readonly onChange = 'hold'
  private readonly bytes = new Map<string, Uint8Array>()
  private readonly objects: AsyncIterable<HeldObject>

  constructor(objects: AsyncIterable<HeldObject>) {
    this.objects = objects
  }

  readonly list = async function* (this: HeldStage): AsyncGenerator<readonly StageObject[]> {
    for await (const { object, bytes } of this.objects) {
      this.bytes.set(object.uri, bytes)
      yield [object]
    }
  }.bind(this)

  readonly fetch = async ({ uri }: StageObject): Promise<Uint8Array> => {
    const bytes = this.bytes.get(uri)
    if (bytes === undefined) throw new MillraceError('INTERNAL', `${uri} is asked for, and is not here.`)
    return bytes
  }

  /** To be called when it is certain what became of objects. */
  release(objects: Iterable<{ readonly uri: string }>): void {
    for (const { uri } of objects) this.bytes.delete(uri)
  }

  /** Objects that nobody has told of yet. */
  get isEmpty(): boolean {
    return this.bytes.size === 0
  }
}

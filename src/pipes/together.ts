/** Sends together what comes in the same turn of the event loop. */
export class Together<Item> {
  private readonly send: (items: readonly Item[]) => Promise<unknown>
  private items: Item[] = []
  private sending: Promise<unknown> | undefined

  constructor(send: (items: readonly Item[]) => Promise<unknown>) {
    this.send = send
  }

  /** Resolves when it was sent. */
  async add(item: Item): Promise<void> {
    this.items.push(item)
    this.sending ??= this.sendAll()
    await this.sending
  }

  private async sendAll(): Promise<void> {
    await Promise.resolve()
    const { items } = this
    this.items = []
    this.sending = undefined
    await this.send(items)
  }
}

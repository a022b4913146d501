import type { Timing } from './timing.ts'

/** Keys that sign requests. Never part of a message or a log. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string | undefined
  /** Epoch milliseconds; undefined for keys that last. */
  readonly expiresAtMs: number | undefined
}

/** Where keys come from. */
export interface CredentialSource {
  /** Keys that are valid now. Rejects with CREDENTIALS_INVALID when there are none, with ACCESS_DENIED when a role may not be assumed. */
  get(): Promise<Credentials>
  /** Others than these, which AWS has refused as expired. */
  replace(refused: Credentials): Promise<Credentials>
}

/** Begins this long before they expire; AWS hands out new ones of a role five minutes ahead. */
const earlyMs = 5 * 60_000
/** From here on, requests wait for the new ones: what is signed now may be under way for a while. */
const lateMs = 60_000
/** After an early refresh failed, the next one begins no sooner. */
const restMs = 10_000

/** Keeps keys and gets new ones before they expire: once for all that ask meanwhile. */
export class CachedCredentials implements CredentialSource {
  private readonly load: () => Promise<Credentials>
  private readonly timing: Timing
  private held: Credentials | undefined
  private loading: Promise<Credentials> | undefined
  private restUntil = 0

  constructor(load: () => Promise<Credentials>, timing: Timing) {
    this.load = load
    this.timing = timing
  }

  async get(): Promise<Credentials> {
    const { held } = this
    if (held === undefined) return this.refresh()
    if (held.expiresAtMs === undefined) return held
    const now = this.timing.now()
    const leftMs = held.expiresAtMs - now
    if (leftMs > earlyMs) return held
    if (leftMs > lateMs) {
      if (now >= this.restUntil)
        this.refresh().catch(() => {
          this.restUntil = this.timing.now() + restMs
        })
      return held
    }
    try {
      return await this.refresh()
    } catch (error) {
      if (held.expiresAtMs > this.timing.now()) return held
      throw error
    }
  }

  async replace(refused: Credentials): Promise<Credentials> {
    return this.held === refused ? this.refresh() : this.get()
  }

  private refresh(): Promise<Credentials> {
    this.loading ??= this.load()
      .then((loaded) => {
        this.held = loaded
        return loaded
      })
      .finally(() => {
        this.loading = undefined
      })
    return this.loading
  }
}

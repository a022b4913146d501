import type { Language } from './caged-function.ts'
import { Cage } from './cage.ts'
import type { Limits } from './limits.ts'

/** The cages of a lake: one for each language, which starts when it is first called. */
export class Cages {
  private readonly limits: Limits
  private readonly cages = new Map<Language, Cage>()

  constructor(limits: Limits) {
    this.limits = limits
  }

  of(language: Language): Cage {
    const cage = this.cages.get(language) ?? new Cage(language, this.limits)
    this.cages.set(language, cage)
    return cage
  }

  close(): void {
    for (const cage of this.cages.values()) cage.close()
  }
}

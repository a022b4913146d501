import { type Translate, useTextOf } from '../app/choices.tsx'
import { pipesEn, type PipeTextKey } from '../text/pipes-en.ts'
import { pipesJa } from '../text/pipes-ja.ts'

const texts = { en: pipesEn, ja: pipesJa }

export type PipeTranslate = Translate<PipeTextKey>

/** The texts of this page: they come with it, not with the first script. */
export function usePipeText(): PipeTranslate {
  return useTextOf<PipeTextKey>(texts)
}

import { filled } from '../text/filled.ts'
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import type { Text } from '../../../src/dashboard/shape.ts'
import { en, type TextKey, type Texts } from '../text/en.ts'
import type { Language, Zone } from '../text/figures.ts'
import { ja } from '../text/ja.ts'

export type Theme = 'system' | 'light' | 'dark'

/** What a reader chose, kept by the browser. */
export interface Choices {
  readonly theme: Theme
  readonly language: Language
  readonly zone: Zone
}

interface Choosing extends Choices {
  /** True where colours are dark now. */
  readonly isDark: boolean
  readonly choose: (change: Partial<Choices>) => void
}

const texts: Readonly<Record<Language, Texts>> = { en, ja }

const initial: Choosing = { theme: 'system', language: 'en', zone: 'utc', isDark: false, choose: () => undefined }

const ChoicesContext = createContext<Choosing>(initial)

function oneOf<Option extends string>(options: readonly Option[], text: string | null, otherwise: Option): Option {
  return options.find((option) => option === text) ?? otherwise
}

function readChoices(): Choices {
  return {
    theme: oneOf<Theme>(['system', 'light', 'dark'], localStorage.getItem('millrace-theme'), 'system'),
    language: oneOf<Language>(
      ['en', 'ja'],
      localStorage.getItem('millrace-language'),
      navigator.language.startsWith('ja') ? 'ja' : 'en',
    ),
    zone: oneOf<Zone>(['utc', 'local'], localStorage.getItem('millrace-zone'), 'utc'),
  }
}

function useSystemDark(): boolean {
  const query = useMemo(() => globalThis.matchMedia('(prefers-color-scheme: dark)'), [])
  const [isDark, setDark] = useState(query.matches)
  useEffect(() => {
    const changed = (event: MediaQueryListEvent): void => {
      setDark(event.matches)
    }
    query.addEventListener('change', changed)
    return () => {
      query.removeEventListener('change', changed)
    }
  }, [query])
  return isDark
}

/** Gives what is inside the reader's choices. */
export function ChoicesProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [choices, setChoices] = useState(readChoices)
  const systemDark = useSystemDark()
  const choose = useCallback((change: Partial<Choices>) => {
    for (const [name, value] of Object.entries(change)) localStorage.setItem(`millrace-${name}`, value)
    setChoices((before) => ({ ...before, ...change }))
  }, [])
  useEffect(() => {
    document.documentElement.lang = choices.language
    if (choices.theme === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = choices.theme
  }, [choices])
  const isDark = choices.theme === 'dark' || (choices.theme === 'system' && systemDark)
  const value = useMemo(() => ({ ...choices, isDark, choose }), [choices, isDark, choose])
  return <ChoicesContext value={value}>{children}</ChoicesContext>
}

export function useChoices(): Choosing {
  return useContext(ChoicesContext)
}

export type Translate<Key extends string = TextKey> = (
  key: Key,
  values?: Readonly<Record<string, string | number>>,
) => string

/** The texts of the chosen language. */
export function useText(): Translate {
  return useTextOf(texts)
}

/** The texts, in the chosen language, that a part of the page brings along. */
export function useTextOf<Key extends string>(
  own: Readonly<Record<Language, Readonly<Record<Key, string>>>>,
): Translate<Key> {
  const { language } = useChoices()
  return useCallback((key, values = {}) => filled(own[language][key], values), [own, language])
}

/** The text of a dashboard in a language. */
export function textIn(text: Text, language: Language): string {
  return typeof text === 'string' ? text : text[language]
}

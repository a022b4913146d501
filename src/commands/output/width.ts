const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

const zero = /^[\p{M}\p{Cf}]+$/u
const wide =
  /^[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u

/** How many columns of a terminal a text takes: wide characters two, combining marks none. */
export function textWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let width = 0
  for (const { segment } of segmenter.segment(text)) {
    if (wide.test(segment) || segment.includes('\ufe0f')) width += 2
    else if (!zero.test(segment)) width += 1
  }
  return width
}

/** The beginning of a text that fits, ended by … where some is left out. */
export function fitText(text: string, most: number): string {
  if (textWidth(text) <= most) return text
  let fitted = ''
  let width = 0
  for (const { segment } of segmenter.segment(text)) {
    width += textWidth(segment)
    if (width > most - 1) break
    fitted += segment
  }
  return `${fitted}…`
}

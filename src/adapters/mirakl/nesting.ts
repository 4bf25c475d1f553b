/** Levels of an answer that are read; Mirakl's own have about ten. */
const levelsMax = 100

/**
 * The JSON text with every list and object deeper than 100 levels as the text "nested too deep":
 * reading is recursive, and one row that is nested without end must not take its page with it.
 */
export function withoutDepths(text: string): string {
  let level = 0
  let cutAt = -1
  let from = 0
  let kept = ''
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]
    if (character === '"') at = endOfText(text, at)
    else if (character === '[' || character === '{') {
      level += 1
      if (level === levelsMax + 1 && cutAt < 0) cutAt = at
    } else if (character === ']' || character === '}') {
      if (cutAt >= 0 && level === levelsMax + 1) {
        kept += `${text.slice(from, cutAt)}"nested too deep"`
        from = at + 1
        cutAt = -1
      }
      level -= 1
    }
  }
  return from === 0 ? text : kept + text.slice(from)
}

/** Where the text that begins here ends; at the end of everything when it does not. */
function endOfText(text: string, begin: number): number {
  for (let at = begin + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '"') return at
  }
  return text.length
}

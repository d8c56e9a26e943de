/** The group that opens with the brace at this place, its end behind the closing brace; null without one within 4,000 characters. */
export function braceGroup(text: string, from: number): { end: number } | null {
  if (text[from] !== '{') return null
  let depth = 0
  const limit = Math.min(text.length, from + mostCharacters)
  for (let at = from; at < limit; at += 1) {
    const sign = text.charCodeAt(at)
    if (sign === 92) at += 1
    else if (sign === 123) depth += 1
    else if (sign === 125) {
      depth -= 1
      if (depth === 0) return { end: at + 1 }
    }
  }
  return null
}

const mostCharacters = 4_000

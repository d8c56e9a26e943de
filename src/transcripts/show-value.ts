/** Deeper than any real tool call; `JSON.stringify` would run out of stack far below. */
const mostDepth = 64

/** A parsed JSON value as readers see it, whoever made it. Never throws. */
export function showValue(value: unknown): string {
  return isDeeperThan(value, mostDepth) ? '(nested too deeply to show)' : (JSON.stringify(value, null, 2) ?? '')
}

function isDeeperThan(value: unknown, most: number): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > most) return true
    const below: unknown[] = []
    for (const one of level)
      if (typeof one === 'object' && one !== null) for (const inner of Object.values(one)) below.push(inner)
    level = below
  }
  return false
}

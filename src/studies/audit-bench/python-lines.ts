/** A line of Python as far as planting needs to know it. */
export interface PythonLine {
  readonly text: string
  /** From 1. */
  readonly line: number
  /** A whole statement of one line: no bracket or string is open at either end, and no backslash goes on. */
  readonly isWhole: boolean
  /** Begins within brackets that an earlier line opened. */
  readonly isInBrackets: boolean
}

/** Lines of a Python file with what is open where; by characters alone, so that even broken code has lines. */
export function readPythonLines(text: string): PythonLine[] {
  let [depth, quote, goesOn] = [0, '', false]
  return text.split('\n').map((line, index) => {
    const before = { depth, quote, goesOn }
    for (let at = 0; at < line.length; at += 1) {
      const char = line[at] ?? ''
      if (quote !== '') {
        if (char === '\\') at += 1
        else if (line.startsWith(quote, at)) {
          at += quote.length - 1
          quote = ''
        }
      } else if (char === '#') break
      else if (char === '"' || char === "'") {
        quote = line.startsWith(char.repeat(3), at) ? char.repeat(3) : char
        at += quote.length - 1
      } else if ('([{'.includes(char)) depth += 1
      else if (')]}'.includes(char)) depth = Math.max(0, depth - 1)
    }
    if (quote.length === 1) quote = '' // no plain string outlives its line
    goesOn = line.trimEnd().endsWith('\\')
    const isWhole =
      before.depth === 0 && before.quote === '' && !before.goesOn && depth === 0 && quote === '' && !goesOn
    return { text: line, line: index + 1, isWhole, isInBrackets: before.depth > 0 && before.quote === '' }
  })
}

/** The script of a command such as `bash -lc '…'`, without the shell around it; any other command as it stands. */
export function scriptOf(command: string): string {
  const words = shellWords(command)
  const [shell, flags, script] = words ?? []
  const isShell = words?.length === 3 && /^(?:\/(?:usr\/)?bin\/)?(?:ba|z|da)?sh$/.test(shell ?? '')
  return isShell && (flags === '-lc' || flags === '-c') && script !== undefined ? script : command
}

/** Splits as a POSIX shell quotes, without expanding anything; null when a quotation has no end. */
function shellWords(command: string): string[] | null {
  const words: string[] = []
  let word: string | null = null
  let quote: '"' | "'" | null = null
  for (let index = 0; index < command.length; index += 1) {
    const character = command.charAt(index)
    if (quote === null && /\s/.test(character)) {
      if (word !== null) words.push(word)
      word = null
    } else if (quote === null && (character === '"' || character === "'")) {
      quote = character
      word ??= ''
    } else if (character === quote) quote = null
    else if (character === '\\' && quote !== "'") {
      const next = command.charAt((index += 1))
      const isKept = quote === '"' && !'$`"\\\n'.includes(next)
      word = (word ?? '') + (isKept ? `\\${next}` : next)
    } else word = (word ?? '') + character
  }
  if (quote !== null) return null
  return word === null ? words : [...words, word]
}

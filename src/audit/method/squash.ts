/** Letters and digits of ASCII alone, in lower case: under it, `GPT-2`, `gpt2` and `GPT_2` are one. */
export function squash(text: string): string {
  const kept = Buffer.allocUnsafe(text.length)
  let length = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code >= 65 && code <= 90) kept[length++] = code + 32
    else if ((code >= 97 && code <= 122) || (code >= 48 && code <= 57)) kept[length++] = code
  }
  return kept.toString('latin1', 0, length)
}

/** Letters and digits alone, in lower case: under it, `GPT-2`, `gpt2` and `GPT_2` are one. */
export function squash(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '')
}

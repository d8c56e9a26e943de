/** Undefined for a text that is no JSON; `NaN` and infinities, which some files hold, are none. A mark of byte order is skipped. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}

/**
 * One line for the test that plays this program.
 * @param {string} name of an attempt
 * @param {unknown} value what came of it
 */
export function tell(name, value) {
  process.stdout.write(`told ${JSON.stringify({ [name]: value })}\n`)
}

/**
 * What an attempt came to, as a value: its result, or the code of its error.
 * @param {() => unknown} attempt
 */
export async function tried(attempt) {
  try {
    return await attempt()
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : String(error)
  }
}

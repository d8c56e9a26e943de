import { expect, test } from 'vitest'

/**
 * For tests that need a tool this machine may lack. When `reason` is not null the caller skips its tests, and this says so
 * in one test of its own: skipped, or failing where MLRBENCH_REQUIRE_TOOLS=1 asks for the tool.
 * @returns true when the tests must be skipped, for `describe.skipIf`
 */
export function skipUnless(tool: string, reason: string | null): boolean {
  if (reason === null) return false
  const required = process.env['MLRBENCH_REQUIRE_TOOLS'] === '1'
  test.skipIf(!required)(`needs ${tool}: ${reason}`, () => {
    expect.fail(`MLRBENCH_REQUIRE_TOOLS=1, but ${tool} is missing: ${reason}`)
  })
  return true
}

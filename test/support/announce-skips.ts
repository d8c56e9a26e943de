import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Said once, before the tests: those that need the public release skip themselves where it is not at hand. */
export function setup(): void {
  const release = fileURLToPath(new URL('../../../shared/release', import.meta.url))
  if (!existsSync(release))
    process.stdout.write('tests on the public release are skipped: ../shared/release is not there\n')
}

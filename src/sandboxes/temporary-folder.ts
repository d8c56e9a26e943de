import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Constant: the folder is an argument. It waits on a pipe that nothing but the harness holds open.
const script = 'read -r word; [ "$word" = dismissed ] || rm -rf -- "$1"'

/**
 * Makes a folder among the temporary files that is closed to everyone else. It is gone when it is disposed of, and also when the harness is
 * killed: a small process of its own waits for that.
 */
export async function makeTemporaryFolder(prefix: string): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), prefix))
  const child = spawn('/bin/sh', ['-c', script, 'sh', path], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    // A session of its own: Ctrl-C in the harness's terminal is not for it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.on('error', () => null)
  child.stdin.on('error', () => null)
  // The harness may end without waiting for it; that is what it is for.
  child.unref()
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref()
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true })
      child.stdin.end('dismissed\n')
    },
  }
}

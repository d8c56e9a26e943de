import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { loopbackOnly } from './support/cli.ts'

const elsewhere = 'http://192.0.2.1:8080/'

it('no test reaches another machine', async () => {
  await expect(fetch(elsewhere)).rejects.toMatchObject({
    cause: { message: expect.stringContaining('192.0.2.1') as string },
  })
})

it('nor does a command that a test starts', async () => {
  const script = `fetch('${elsewhere}').catch((error) => console.log(error.cause.message))`
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], {
    env: { ...process.env, ...loopbackOnly },
  })
  expect(stdout).toContain('only this machine is allowed')
})

it('no key of the environment is there to be used', () => {
  expect(Object.keys(process.env).filter((name) => /_(API_)?(KEY|TOKEN)$/.test(name))).toEqual([])
})

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findAuditTargets } from './audit-targets.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlrbench-targets-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), content)
}

describe('findAuditTargets', () => {
  test('takes any folder for one work, also where files in it have names of ours', async () => {
    await put('paper.md', '# P\n')
    await put('first/run.json', '{ "learningRate": 0.1 }')
    await put('trial.json', '{ "learningRate": 0.1 }')
    const targets = await findAuditTargets(folder, join(folder, 'logs'))
    expect(targets.map(({ trial, name }) => ({ trial, name }))).toEqual([{ trial: null, name: folder }])
  })

  test('does not take all runs of a log dir for one work, and names one of them', async () => {
    await put('first/run.json', '{ "schema": "mlrbench/run@1" }')
    await expect(findAuditTargets(folder, join(folder, 'logs'))).rejects.toThrow(
      `"${folder}" holds runs: name one of them, such as ${join(folder, 'first')}`,
    )
  })

  test('says what there could have been', async () => {
    await expect(findAuditTargets(join(folder, 'gone'), folder)).rejects.toThrow('no run in')
  })
})

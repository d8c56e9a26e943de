import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sampleConfig, sampleRun, taskText } from '../../test/support/sample-run.ts'
import { loadPrompt } from '../prompts/prompt.ts'
import { createRun } from '../runs/run-store.ts'
import type { RunRecord } from '../schema/run.ts'
import { executeRun } from './execute-run.ts'

async function execute(prompts: RunRecord['prompts']) {
  const root = await mkdtemp(join(tmpdir(), 'execute-run-'))
  const model = 'scripted/honest'
  const agents = [{ name: 'honest', model, searchModel: model, coder: { kind: 'bash-loop', model } }]
  const config = sampleConfig({ agents, stages: ['idea'] })
  const record = sampleRun({ config, prompts, versions: { mlrbench: '0.0.9' } })
  try {
    const folder = await createRun(root, record, new Map([['letters', taskText]]))
    const { signal } = new AbortController()
    return await executeRun({ folder, record, secrets: {}, retryFailed: false, observer: {}, signal })
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

test('a run goes on with the prompts it began with', async () => {
  const { trials } = await execute({ idea: (await loadPrompt('idea')).hash })
  expect(trials).toMatchObject([{ status: 'done' }])
})

test('with other prompts its stages would be done anew, so it does not go on', async () => {
  await expect(execute({ idea: '0'.repeat(64) })).rejects.toThrow(
    /the prompt "idea" has changed since the run began: go on with mlrbench 0\.0\.9/,
  )
})

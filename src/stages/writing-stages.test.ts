import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openCalls } from '../../test/support/model-calls.ts'
import { startProviderServer, type WireReply, type WireRequest } from '../../test/support/provider-server.ts'
import { makeTrial, sampleAgent, sampleConfig } from '../../test/support/sample-run.ts'
import { writeWhole } from '../base/files.ts'
import { openTrial } from '../runs/trial-store.ts'
import type { RunEvent } from '../schema/event.ts'
import { runStage } from './run-stage.ts'
import type { StageDefinition, StageOutcome } from './stage.ts'
import { ideaStage, literatureStage, paperStage, proposalStage } from './writing-stages.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'writing-'))
  await makeTrial(folder)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const usage = { input: 10, output: 10 }
const say = (text: string): WireReply => ({ kind: 'message', text, usage })

/** A stage whose model gives these replies in turn. */
async function write(
  definition: StageDefinition,
  replies: readonly WireReply[],
): Promise<{ outcome: StageOutcome; events: RunEvent[]; requests: readonly WireRequest[] }> {
  await using server = await startProviderServer(({ index }) => replies[index] ?? say('one reply too many'))
  using trial = await openTrial(folder)
  const { signal } = new AbortController()
  const context = {
    trial,
    agent: sampleAgent(),
    models: openCalls(server.origin).models,
    sandbox: null,
    experimentModels: sampleConfig().experimentModels,
    retryFailed: false,
    signal,
  }
  const outcome = await runStage(definition, context)
  return { outcome, events: [...trial.events], requests: server.requests }
}

const read = (path: string): Promise<string> => readFile(join(folder, path), 'utf8')

test('the artefact is the reply without its preamble, and the attempt keeps what was asked and said', async () => {
  const reply = 'Sure, here is the idea.\n\n# Prune First\n\nBody.'
  const { outcome, events } = await write(ideaStage, [say(reply)])
  expect(outcome).toEqual({ status: 'done', reused: false })
  expect(await read('idea.md')).toBe('# Prune First\n\nBody.')
  expect(await read('attempts/idea/1/reply.md')).toBe(reply)
  expect(await read('attempts/idea/1/prompt.md')).toContain('Find out which letter is the most frequent.')
  expect(events.find(({ type }) => type === 'reply-cleaned')).toMatchObject({
    stripped: [{ kind: 'preamble', text: 'Sure, here is the idea.\n\n' }],
  })
})

test.each<[code: string, reply: WireReply]>([
  ['empty-reply', { kind: 'empty', usage }],
  ['empty-reply', say('```\n```')],
  ['output-limit', { kind: 'message', text: '# Half an id', usage, finish: 'length' }],
  ['refused', { kind: 'refusal', text: 'That would be wrong.', usage }],
  ['refused', say('I’m sorry, but I can’t help with that.')],
])('a reply that is %s is asked for again, and kept', async (code, reply) => {
  const { outcome, events, requests } = await write(ideaStage, [reply, say('# Better\n\nBody.')])
  expect(outcome).toEqual({ status: 'done', reused: false })
  expect(requests).toHaveLength(2)
  expect(events.find(({ type }) => type === 'stage-failed')).toMatchObject({ code, attempt: 1 })
  expect(await readdir(join(folder, 'attempts/idea'))).toEqual(['1', '2'])
  expect(await read('idea.md')).toBe('# Better\n\nBody.')
})

test('after three such replies the stage has failed, and leaves no artefact', async () => {
  const { outcome, requests } = await write(
    ideaStage,
    Array.from({ length: 4 }, () => say('I cannot do this.')),
  )
  expect(outcome).toEqual({ status: 'failed', code: 'refused', message: 'I cannot do this.' })
  expect(requests).toHaveLength(3)
  expect(await readdir(folder)).not.toContain('idea.md')
})

test('an idea that begins with an apology and goes on is no refusal', async () => {
  const text = `Sorry states of optimisation are common. ${'They recur in every deep network. '.repeat(20)}`
  expect((await write(ideaStage, [say(text)])).outcome.status).toBe('done')
})

const image = (content: string): Buffer => Buffer.from(`\x89PNG\r\n\x1a\n${content}`, 'latin1')

test.each<[definition: StageDefinition, inputs: string[], others: string[]]>([
  [ideaStage, [], ['related_work.md', 'proposal.md', 'results/results.md']],
  [literatureStage, ['idea.md'], ['related_work.md', 'proposal.md', 'results/results.md']],
  [proposalStage, ['idea.md', 'related_work.md'], ['proposal.md', 'results/results.md']],
  [paperStage, ['idea.md', 'related_work.md', 'proposal.md', 'results/results.md'], []],
])('$stage sees what the protocol says, and nothing else', async (definition, inputs, others) => {
  for (const path of [...inputs, ...others]) await writeWhole(join(folder, path), `contents of ${path}`)
  await writeWhole(join(folder, 'results/plot.png'), image('first'))
  const { requests } = await write(definition, [say('# A text\n\nBody.')])
  const text = requests[0]?.text ?? ''
  expect(text).toContain('which letter is the most frequent')
  for (const path of inputs) expect(text).toContain(`contents of ${path}`)
  for (const path of others) expect(text).not.toContain(`contents of ${path}`)
  expect(requests[0]?.images).toBe(definition.stage === 'paper' ? 1 : 0)
})

test('a paper is written anew when a figure has changed', async () => {
  for (const path of ['idea.md', 'related_work.md', 'proposal.md', 'results/results.md'])
    await writeWhole(join(folder, path), path)
  await write(paperStage, [say('# First')])
  expect((await write(paperStage, [])).outcome).toEqual({ status: 'done', reused: true })
  await writeWhole(join(folder, 'results/plot.png'), image('first'))
  expect((await write(paperStage, [say('# Second')])).outcome).toEqual({ status: 'done', reused: false })
  expect(await read('results/paper.md')).toBe('# Second')
})

import { expect, test } from 'vitest'
import { sampleConfig, sampleRun, taskReference } from '../../test/support/sample-run.ts'
import { planTrials } from './plan-trials.ts'

test('every task with every agent, and all of them once before any is repeated', () => {
  const model = 'openai/gpt-4o-mini'
  const agent = (name: string) => ({ name, model, searchModel: model, coder: { kind: 'bash-loop', model } })
  const config = sampleConfig({ agents: [agent('b'), agent('a')], repeats: 2 })
  const planned = planTrials(sampleRun({ config, tasks: ['y', 'x'].map(taskReference) }))
  expect(planned.map(({ id }) => id)).toEqual(['y/b/1', 'y/a/1', 'x/b/1', 'x/a/1', 'y/b/2', 'y/a/2', 'x/b/2', 'x/a/2'])
  expect(planned.at(-1)).toMatchObject({ task: { id: 'x' }, agent: { name: 'a' }, repeat: 2 })
})

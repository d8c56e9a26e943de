import { expect, test } from 'vitest'
import { sampleAgent } from '../../test/support/sample-run.ts'
import { stageModel } from '../schema/agent-model.ts'
import { modelFamily } from './model-family.ts'

test.each([
  ['anthropic/claude-3-7-sonnet-20250219', 'anthropic'],
  ['openrouter/anthropic/claude-opus-4', 'anthropic'],
  ['openrouter/google/gemini-2.5-pro-preview', 'google'],
  ['gemini-2.5-pro-preview-03-25', 'google'],
  ['openai/o4-mini-2025-04-16', 'openai'],
  ['o4-mini-2025-04-16', 'openai'],
  ['openai/gpt-4o (reasoning high)', 'openai'],
  ['openrouter/deepseek/deepseek-r1', 'deepseek'],
  ['ollama/deepseek-r1-distill-qwen-32b', 'deepseek'],
  ['openrouter/qwen/qwen3-235b-a22b', 'qwen'],
  ['openrouter/mistral/ministral-8b', 'mistral'],
  ['mistral-large', 'mistral'],
  ['openrouter/meta-llama/llama-4-maverick', 'meta'],
  ['openrouter/anthropic/a-name-yet-unknown', 'anthropic'],
  ['scripted/honest', 'scripted'],
  ['ollama/my-own', null],
])('%s is of %s', (model, family) => {
  expect(modelFamily(model)).toBe(family)
})

test("an artefact's author is the model of its stage", () => {
  const agent = { ...sampleAgent(), searchModel: { ...sampleAgent().searchModel, model: 'openai/search' } }
  expect(stageModel(agent, 'literature')).toBe('openai/search')
  expect(stageModel(agent, 'paper')).toBe('openai/gpt-4o-mini')
  const imported = { kind: 'imported', name: 'x', system: 'X', models: { paper: 'openai/o3' } } as const
  expect([stageModel(imported, 'paper'), stageModel(imported, 'idea')]).toEqual(['openai/o3', null])
})

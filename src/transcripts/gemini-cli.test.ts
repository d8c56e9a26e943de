import { expect, test } from 'vitest'
import { readTranscript } from './index.ts'

test('keeps the words of Gemini CLI and says what its log leaves out', () => {
  const session = readTranscript('gemini-cli', 'I begin.\u001b[31m\n\nI am done.\n', {
    stage: 'experiment',
    attempt: 1,
  })
  expect(session.events).toEqual([
    {
      type: 'coder-said',
      stage: 'experiment',
      attempt: 1,
      step: 0,
      thought: false,
      text: 'I begin.\n\nI am done.',
    },
    { type: 'coder-finished', stage: 'experiment', attempt: 1, ending: 'unknown', steps: 0, message: 'I am done.' },
  ])
  expect(session.markdown).toContain('I begin.\n\nI am done.')
  expect(session.notes).toHaveLength(1)
})

test('a stream is one however its first line is written', () => {
  const lines = [
    { session_id: 's', model: 'm', type: 'init' },
    { type: 'message', role: 'assistant', content: 'I am done.' },
    { type: 'result', status: 'success' },
  ]
  const spaced = lines.map((line) => JSON.stringify(line, null, 1).replaceAll('\n', ' ')).join('\n')
  const session = readTranscript('gemini-cli', spaced, { stage: 'experiment', attempt: 1 })
  expect(session.events.at(-1)).toMatchObject({ type: 'coder-finished', ending: 'done' })
})

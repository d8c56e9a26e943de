import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findInputs } from './inputs.ts'
import { readJudgeMarks } from './judge-marks.ts'

const makeRelease = async (): Promise<string> => {
  const root = await mkdtemp(join(tmpdir(), 'audit-bench-'))
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(join(root, path, '..'), { recursive: true })
    await writeFile(join(root, path), text)
  }
  const folder = 'agent_results/end2end_sys/task_1'
  await write(`${folder}/results/paper.md`, '# T\n\n## Results\n\nAccuracy is 0.843.\n')
  await write(`${folder}/session.json`, '[\n {"role": "user", "content": "go"}]')
  await write(`${folder}/review_hallucination_judge-b.json`, '{"has_hallucination": true, "hallucinations": []}')
  await write('agent_reviews/subset_reviews_judge-a/task_1/review_sys.json', '{"Soundness": {"score": 4}}')
  await write('agent_reviews/subset_reviews_judge-b/task_1/review_sys.json', 'not json')
  await write('agent_reviews/idea_reviews_judge-c/task_1/review_sys.json', '{"Soundness": {"score": 9}}')
  return root
}

test('reads a folder with its coder, by the record of its session, and the reviews beside it', async () => {
  const root = await makeRelease()
  const [input] = await findInputs([join(root, 'agent_results/end2end_sys/task_1')], join(root, 'logs'))
  if (input === undefined) throw new Error('no input')
  expect(input.coder).toBe('claude-code')
  expect(input.name.endsWith('/end2end_sys/task_1')).toBe(true)
  expect((await input.read()).documents[0]?.path).toBe('results/paper.md')
  expect(await readJudgeMarks(input)).toEqual({
    'judge-a': { soundness: 4, flag: null },
    'judge-b': { soundness: null, flag: true },
  })
})

test('refuses the same work twice', async () => {
  const root = await makeRelease()
  const folder = join(root, 'agent_results/end2end_sys/task_1')
  await expect(findInputs([folder, `${folder}/`], root)).rejects.toThrow(/named twice/)
})

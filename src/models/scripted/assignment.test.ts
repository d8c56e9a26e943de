import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { assetPath } from '../../base/assets.ts'
import { readAssignment } from './assignment.ts'

const foreignTask = '# Fair Division of Cake\n\nHow should a cake be divided?\n\n- Who cuts, and who chooses?'

async function bundledTask(id: string): Promise<string> {
  return readFile(assetPath(`tasks/${id}/task.md`), 'utf8')
}

test.each([
  ['mini_label_noise', 'small-loss selection', /selecting or reweighting/],
  ['mini_calibration', 'shrunken temperature', /budget of labels/],
  ['mini_early_stopping', 'gradient evidence', /fixed number of labels/],
])('%s is answered by the study of %s', async (id, method, question) => {
  const { study, disclaimer, taskQuestion } = readAssignment(await bundledTask(id))
  expect(study.labels.method).toBe(method)
  expect(disclaimer).toBeNull()
  expect(taskQuestion).toMatch(question)
})

test('every bundled task is one file of 200 to 400 words, with a title', async () => {
  const ids = (await readdir(assetPath('tasks'))).filter((id) => id.startsWith('mini_'))
  expect(ids).toHaveLength(3)
  for (const id of ids) {
    expect(await readdir(assetPath(`tasks/${id}`))).toEqual(['task.md'])
    const text = await bundledTask(id)
    expect(text).toMatch(/^# \S/)
    expect(text.split(/\s+/).length).toBeGreaterThan(200)
    expect(text.split(/\s+/).length).toBeLessThan(400)
  }
})

test('a task about something else gets a stand-in and a disclaimer that names the task', () => {
  const { disclaimer, taskQuestion } = readAssignment(foreignTask)
  expect(disclaimer).toContain('"Fair Division of Cake"')
  expect(taskQuestion).toBeNull()
})

test('a passing mention of a topic picks the stand-in but does not count as being about it', () => {
  const { study, disclaimer } = readAssignment(`${foreignTask}\nOne may ask for calibrated preferences.`)
  expect(study.labels.method).toBe('shrunken temperature')
  expect(disclaimer).not.toBeNull()
})

test('surrounding white space changes nothing, other words change the seeds', () => {
  expect(readAssignment(`\n${foreignTask}\n\n`)).toEqual(readAssignment(foreignTask))
  expect(readAssignment(`${foreignTask} Why?`).seeds).not.toEqual(readAssignment(foreignTask).seeds)
})

test('an empty task is an untitled one', () => {
  expect(readAssignment('').taskTitle).toBe('untitled task')
})

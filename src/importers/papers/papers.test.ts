import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { PrerequisiteError } from '../../base/errors.ts'
import type { SourceContent, SourceTrial } from '../importer.ts'
import { openSource, type Source } from '../source.ts'
import { papers } from './papers.ts'

const fixture = join(import.meta.dirname, '../../../test/data/papers/counting-beans.pdf')
const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

async function lay(files: Record<string, string | Buffer>): Promise<Source> {
  const folder = await mkdtemp(join(tmpdir(), 'mlrbench-papers-'))
  folders.push(folder)
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  return (await openSource(folder, 'Our Papers.tar.gz')).source
}

async function list(files: Record<string, string | Buffer>, agent: string | null = null): Promise<SourceContent> {
  const source = await lay(files)
  expect(papers.detect(source)).toBe(true)
  return papers.list(source, { prefix: 'old-', agent })
}

async function trialsOf(content: SourceContent): Promise<Record<string, SourceTrial>> {
  const [run] = content.runs
  const read = run?.trials.map(async (trial) => [`${trial.task}/${trial.agent}`, await trial.read()] as const) ?? []
  return Object.fromEntries(await Promise.all(read))
}
const pathsOf = (trial: SourceTrial | undefined): string[] => trial?.artefacts.map(({ path }) => path).toSorted() ?? []
const latex = (body: string): string => `\\documentclass{article}\\begin{document}${body}\\end{document}`

test('makes a trial of each subfolder with a paper and of each loose one', async () => {
  const pdf = await readFile(fixture)
  const content = await list({
    'README.md': 'About this folder.',
    'beans/paper.md': '# Beans',
    'beans/task.md': '# Count',
    'beans/code/run.py': 'print(1)',
    'beans/plot.png': 'x',
    'beans/results.md': '0.9',
    'Jars & lids/main.tex': latex('\\input{sections/a}'),
    'Jars & lids/sections/a.tex': 'Jars.',
    'counting-beans.pdf': pdf,
  })
  expect(content.runs).toMatchObject([
    {
      id: 'old-Our-Papers',
      stages: ['experiment', 'paper'],
      agents: [{ kind: 'imported', name: 'Our-Papers' }],
      tasks: [
        { id: 'Jars-lids', text: null },
        { id: 'beans', text: { from: 'beans/task.md' } },
        { id: 'counting-beans', text: null },
      ],
    },
  ])
  const trials = await trialsOf(content)
  expect(pathsOf(trials['beans/Our-Papers'])).toEqual([
    'attempts/experiment/1/workspace/code/run.py',
    'attempts/experiment/1/workspace/plot.png',
    'attempts/experiment/1/workspace/results.md',
    'results/paper.md',
    'results/plot.png',
    'results/results.md',
    'task.md',
  ])
  expect(trials['beans/Our-Papers']?.stages.map(({ stage }) => stage)).toEqual(['experiment', 'paper'])
  expect(trials['Jars-lids/Our-Papers']?.artefacts).toContainEqual({
    path: 'results/paper.md',
    content: { text: 'Jars.\n' },
  })
  expect(pathsOf(trials['counting-beans/Our-Papers'])).toEqual(['results/paper.md', 'results/paper.pdf'])
  expect(trials['counting-beans/Our-Papers']?.stages.map(({ stage }) => stage)).toEqual(['paper'])
})

test('reads Markdown before LaTeX before PDF and keeps all of them', async () => {
  const pdf = await readFile(fixture)
  const trials = await trialsOf(
    await list(
      { 'a/x.tex': latex('From LaTeX.'), 'a/x.pdf': pdf, 'b/paper.md': 'From Markdown.', 'b/paper.tex': 'no' },
      'me',
    ),
  )
  expect(trials['a/me']?.artefacts).toMatchObject([
    { path: 'results/paper.md', content: { text: 'From LaTeX.\n' } },
    { path: 'results/paper.tex', content: { from: 'a/x.tex' } },
    { path: 'results/paper.pdf', content: { from: 'a/x.pdf' } },
  ])
  expect(trials['b/me']?.artefacts[0]).toEqual({ path: 'results/paper.md', content: { from: 'b/paper.md' } })
})

test('takes a folder a task and a folder an agent', async () => {
  const content = await list({
    'beans/task.md': '# Count',
    'beans/ann/paper.md': '# A',
    'beans/bob/paper.md': '# B',
    'beans/notes/other.md': 'no paper',
    'jars/ann/paper.md': '# C',
  })
  expect(Object.keys(await trialsOf(content)).toSorted()).toEqual(['beans/ann', 'beans/bob', 'jars/ann'])
  expect(content.runs[0]?.agents.map(({ name }) => name)).toEqual(['ann', 'bob'])
})

test('takes a single paper with the code beside it', async () => {
  const content = await list({ 'paper.md': '# A', 'src/run.py': 'print(1)', 'task.md': '# Count' })
  const trials = await trialsOf(content)
  expect(Object.keys(trials)).toEqual(['Our-Papers/Our-Papers'])
  expect(pathsOf(Object.values(trials)[0])).toEqual([
    'attempts/experiment/1/workspace/src/run.py',
    'results/paper.md',
    'task.md',
  ])
})

describe('what cannot be read', () => {
  test('is left out with its reason', async () => {
    const content = await list({
      'good/paper.md': '# A',
      'empty/paper.md': ' \n',
      'two/a.md': '# A',
      'two/b.md': '# B',
      'broken.pdf': 'no PDF',
      'part.tex': 'a part',
    })
    expect(content.skipped).toEqual([
      { path: 'two', reason: expect.stringContaining('several papers') },
      { path: 'part.tex', reason: expect.stringContaining('\\documentclass') },
      { path: 'empty/paper.md', reason: 'an empty paper' },
      { path: 'broken.pdf', reason: expect.stringContaining('cannot be read') },
    ])
    expect(Object.keys(await trialsOf(content))).toEqual(['good/Our-Papers'])
  })

  test('ends the import when nothing is left', async () => {
    const source = await lay({ 'broken.pdf': 'no PDF' })
    await expect(papers.list(source, { prefix: '', agent: null })).rejects.toThrow(PrerequisiteError)
  })

  test('does not follow an input out of the folder', async () => {
    const content = await list({ 'a/paper.tex': latex('In.\\input{../secret}\\input{missing}'), 'secret.tex': 'Out.' })
    const trial = (await trialsOf(content))['a/Our-Papers']
    expect(trial?.artefacts[0]).toEqual({ path: 'results/paper.md', content: { text: 'In.\n' } })
    expect(trial?.notes.map(({ text }) => text)).toEqual([
      'a file outside the folder is not put in',
      'a file that the paper includes is missing',
    ])
  })
})

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cli, openCli } from './support/cli.ts'

const paper = '# P\n\n## Results\n\n| Method | Accuracy |\n|---|---|\n| Base | 0.8123 |\n| Ours | 0.8727 |\n'

describe('mlrbench audit on a folder of somebody', () => {
  let cli: Cli
  let folder: string

  beforeAll(async () => {
    cli = await openCli()
    folder = join(cli.root, 'my paper')
    await mkdir(folder)
    await writeFile(join(folder, 'paper.md'), paper)
    await writeFile(join(folder, 'out.csv'), 'method,accuracy\nbase,0.81234\nours,0.87266\n')
  })
  afterAll(() => cli[Symbol.asyncDispose]())

  test('gives the same bytes again where its output lies in the folder itself', async () => {
    const output = join(folder, 'audit')
    const first = await cli.run(['audit', folder, '--output', output])
    const record = await readFile(join(output, 'audit.json'), 'utf8')
    const second = await cli.run(['audit', folder, '--output', output])
    expect([first.exitCode, second.stdout]).toEqual([0, first.stdout])
    expect(await readFile(join(output, 'audit.json'), 'utf8')).toBe(record)
  })

  test('says so where it cannot write, and is no failure of ours', async () => {
    const { exitCode, stderr } = await cli.run(['audit', folder, '--output', join(folder, 'out.csv')])
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/^mlrbench: .*out\.csv cannot be made: /)])
  })

  test('tells its rules as text, and as Markdown where that is asked for', async () => {
    const text = await cli.run(['audit', '--rules'])
    const markdown = await cli.run(['audit', '--rules', '--format', 'md'])
    expect(text.stdout).toMatch(/^typed-first \(counts for: claims\)\n {2}finds: /m)
    expect(markdown.stdout).toMatch(/^## typed-first$/m)
  })
})

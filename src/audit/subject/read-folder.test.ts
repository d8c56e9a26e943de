import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readFolderSubject } from './read-folder.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlrbench-subject-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), content)
}

describe('readFolderSubject', () => {
  it('takes papers and reports for documents, the paper first, and keeps plans apart', async () => {
    await put('results/paper.md', '# P\n')
    await put('results/results.md', '# R\n')
    await put('proposal.md', 'we expect 0.95')
    await put('code/run.py', 'print(1)')
    await put('idea_token_usage.json', '{}')
    const subject = await readFolderSubject(folder)
    expect(subject.documents.map(({ path }) => path)).toEqual(['results/paper.md', 'results/results.md'])
    expect(subject.plans.map(({ path }) => path)).toEqual(['proposal.md'])
    expect(subject.files.map(({ path }) => path)).toEqual(['code/run.py', 'results/results.md'])
    expect(subject.record).toBe('none')
  })

  it("finds a coding agent's record by its content, whatever its name, and reads it as events", async () => {
    await put('paper.md', '# P\n')
    const say = {
      role: 'assistant',
      id: 'a',
      content: [{ type: 'tool_use', id: 't', name: 'Bash', input: { command: 'ls' } }],
    }
    const answer = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'paper.md' }] }
    await put('anything.json', JSON.stringify([{ role: 'user', content: 'go' }, say, answer]))
    const subject = await readFolderSubject(folder)
    expect(subject.record).toBe('transcript')
    expect(subject.events.map(({ type }) => type)).toContain('command-executed')
    expect(subject.files).toEqual([])
  })

  it('says of a record without commands that it has words only', async () => {
    await put('paper.md', '# P\n')
    await put('gemini_log.log', 'I will now write the report.')
    expect((await readFolderSubject(folder)).record).toBe('words')
  })

  it('does not follow links, and names what it leaves out', async () => {
    await put('paper.md', '# P\n')
    await put('data.csv', new Uint8Array([1, 0, 2]))
    await symlink('.', join(folder, 'loop'))
    await symlink('/etc/hostname', join(folder, 'host.txt'))
    const { files, leftOut } = await readFolderSubject(folder)
    expect(files).toEqual([])
    expect(leftOut.map(({ path }) => path)).toEqual(['data.csv', 'host.txt', 'loop'])
  })

  it('keeps bytes that are no UTF-8 from losing the file', async () => {
    await put('paper.md', new Uint8Array([0x23, 0x20, 0xe9, 0x0a, 0x30, 0x2e, 0x39]))
    expect((await readFolderSubject(folder)).documents[0]?.text).toBe('# \uFFFD\n0.9')
  })

  it('takes the one Markdown file for the paper when none has its name', async () => {
    await put('writeup.md', '# W\n')
    await put('README.md', '# Read me\n')
    expect((await readFolderSubject(folder)).documents.map(({ path }) => path)).toEqual(['writeup.md'])
  })

  it('reads a LaTeX paper with the files it takes in, which are no evidence for it unless they are a table alone', async () => {
    await put(
      'tex/main.tex',
      '\\begin{document}\\input{sec/results}% \\input{sec/old}\n\\input{../t/table.tex}\\end{document}',
    )
    await put('tex/sec/results.tex', '\\section{Results}\\input{sec/more}\\input{main}')
    await put('tex/sec/more.tex', 'We measured 0.912. \\input{sec/results} \\include{missing}')
    await put('tex/sec/old.tex', '0.5')
    await put('t/table.tex', '\\begin{tabular}{l}0.912\\end{tabular}')
    const { documents, files } = await readFolderSubject(folder)
    expect(documents.map(({ path }) => path)).toEqual([
      'tex/main.tex',
      'tex/sec/results.tex',
      'tex/sec/more.tex',
      't/table.tex',
    ])
    expect(files.map(({ path }) => path)).toEqual(['t/table.tex', 'tex/sec/old.tex'])
  })

  it('never takes in a file from outside the folder', async () => {
    await put('main.tex', '\\begin{document}\\input{/etc/hostname}\\input{../../x}\\import{..}{y}\\end{document}')
    expect((await readFolderSubject(folder)).documents.map(({ path }) => path)).toEqual(['main.tex'])
  })

  it('does not read what an earlier audit left in the folder, and does read a file that only has its name', async () => {
    await put('paper.md', '# P\n')
    await put('audit/audit.json', '{\n  "schema": "mlrbench/audit@1",\n  "score": 0.912 }')
    await put('audit/audit.md', '# Audit of paper\n\n0.912')
    await put('audit/audit.html', '<!doctype html>\n<title>Audit of paper</title>0.912')
    await put('logs/run/audits/t/a/1.json', '{ "schema": "mlrbench/audit@1" }')
    await put('other/audit.json', '{ "loss": 0.912 }')
    await put('other/audit.md', '# Findings of the security audit')
    const { files } = await readFolderSubject(folder)
    expect(files.map(({ path }) => path)).toEqual(['other/audit.json', 'other/audit.md'])
  })

  it('says what it expected in a folder without a paper', async () => {
    await put('run.py', 'print(1)')
    await expect(readFolderSubject(folder)).rejects.toThrow('holds no paper and no report')
    await expect(readFolderSubject(join(folder, 'run.py'))).rejects.toThrow('is no folder')
  })
})

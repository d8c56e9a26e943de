import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditSubject } from '../src/audit/audit.ts'
import { readFolderSubject } from '../src/audit/subject/read-folder.ts'
import type { Audit } from '../src/schema/audit.ts'
import {
  auditFiles,
  fabricatedSession,
  type Files,
  honestSession,
  honestWork,
  boastfulSession,
  makeFolderOf,
  paper,
  resultTable,
  treeOf,
} from './support/audit-work.ts'
import { type Cli, loopbackOnly, openCli } from './support/cli.ts'

const execute = promisify(execFile)
const mainFile = join(import.meta.dirname, '../src/cli/main.ts')

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'mlrbench-hostile-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** What the audit says of the paper's ten results. */
const traced = (audit: Audit): number => audit.coverage.byStatus.traced
const claimsOf = (audit: Audit): string[] => audit.claims.map(({ text, value, role }) => `${text} ${value} ${role}`)

describe('what papers hold', () => {
  test('numbers in every notation are read with their values', async () => {
    const text =
      'The loss is 1.2e-3, the throughput is 12,345 tokens/s, the error is .57, and the shift is −3.1 %. Accuracy is 95.2±0.3 %, which is 3× faster and a two-fold gain.'
    const data =
      '{"ours": {"loss": 0.0012, "throughput": 12345, "error": 0.57, "shift": -3.1, "accuracy": 95.2, "std": 0.3}}'
    const audit = await auditFiles({ 'paper.md': `# P\n\n## Results\n\n${text}\n`, 'results.json': data })
    expect(claimsOf(audit)).toEqual([
      '1.2e-3 0.0012 result',
      '12,345 12345 result',
      '.57 0.57 result',
      '−3.1 -3.1 result',
      '95.2 95.2 result',
      '0.3 0.3 result',
      '3 3 result',
      'two 2 result',
    ])
    expect([audit.coverage.informative, traced(audit), audit.findings]).toEqual([5, 5, []])
    for (const { path, start, end, text: own } of audit.claims)
      expect([path, `# P\n\n## Results\n\n${text}\n`.slice(start, end)]).toEqual(['paper.md', own])
  })

  test('tables in LaTeX are read like those in Markdown', async () => {
    const rows = ['Plain & 0.8156 & 0.7938 & 0.3164', '\\textbf{Ours} & \\textbf{0.8731} & $0.8412$ & 0.2317']
    const tabular = `\\begin{tabular}{lrrr}\\toprule\nMethod & Accuracy & F1 & Loss \\\\\n\\midrule\n${rows.join(' \\\\\n')} \\\\\n\\bottomrule\\end{tabular}`
    const text = `\\documentclass{article}\\begin{document}\\section{Results}\n\\begin{table}\n${tabular}\n\\end{table}\n\\end{document}\n`
    const audit = await auditFiles({ 'paper.tex': text, 'results.json': honestWork['results.json'] ?? '' })
    expect([audit.coverage.informative, traced(audit)]).toEqual([6, 6])
  })

  test('ragged tables lose no number', async () => {
    const ragged = '| A | B | C |\n|---|---|\n| x | 0.8731 |\n| y | 0.8156 | 0.7938 | 0.3164 | 0.1 |\n||\n| z\n'
    const audit = await auditFiles({ ...honestWork, 'paper.md': `${paper}\n${ragged}` })
    expect([audit.coverage.claims, traced(audit)]).toEqual([15, 14])
  })

  test.each<[string, (text: string) => string | Uint8Array]>([
    ['line breaks of old systems', (text) => text.replaceAll('\n', '\r')],
    ['Latin-1', (text) => Buffer.from(text.replace('beans', 'b\u00e9ans'), 'latin1')],
    ['UTF-16 with its mark', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['a byte order mark', (text) => `\uFEFF${text}`],
    ['a NUL in its middle', (text) => `${text}${'x '.repeat(5_000)}\0`],
    ['a fence without end', (text) => `\`\`\`markdown\n${text}`],
  ])('a paper in or with %s has the same results', async (_what, change) => {
    const audit = await auditFiles({ ...honestWork, 'paper.md': change(paper) })
    expect([audit.coverage.informative, traced(audit)]).toEqual([10, 10])
  })

  test.each([
    ['nothing', ''],
    ['words alone', '# Beans\n\nThey taste good.\n'],
  ])('a paper of %s has no claim, and nothing is said against it', async (_what, text) => {
    const audit = await auditFiles({ ...honestWork, 'paper.md': text })
    expect([audit.verdict, audit.coverage.claims, audit.findings]).toEqual(['unverifiable', 0, []])
  })

  test('a value that the data give as NaN, and the paper as a number, is a grave finding', async () => {
    const data = String(honestWork['results.json']).replace('0.7938', 'NaN')
    const audit = await auditFiles({ ...honestWork, 'results.json': data })
    const [found] = audit.findings
    expect([found?.rule, found?.severity]).toEqual(['contradicted-cell', 'critical'])
    expect(found?.claims.map((id) => audit.claims[id]?.text)).toEqual(['0.7938'])
    expect(traced(audit)).toBe(9)
  })

  test('JSON Lines that break off are evidence up to there', async () => {
    const lines = Object.entries(JSON.parse(String(honestWork['results.json'])) as object).map(([method, values]) =>
      JSON.stringify({ method, ...(values as object) }),
    )
    const audit = await auditFiles({
      ...honestWork,
      'results.json': '',
      'r.jsonl': `${lines.join('\n')}\n{"method":"br`,
    })
    expect(traced(audit)).toBe(10)
  })
})

/** Each ends in seconds by construction: what would take quadratic time or a deep stack does not end, or throws. */
describe('what is large or without end', () => {
  const many = (count: number, of: (index: number) => string): string =>
    Array.from({ length: count }, (_, i) => of(i)).join('\n')
  const openCommand = `${'('.repeat(100_000)}cat <<'A' ${'"'.repeat(99_999)}${'`$('.repeat(50_000)}`

  test.each<[what: string, files: Files]>([
    ['a log of one line of 5 MB', { 'log.txt': 'accuracy=0.8731 '.repeat(330_000) }],
    ['a log of carriage returns', { 'log.txt': '50%|#  | 5/10 [00:01<00:02]\r'.repeat(180_000) }],
    ['a number of 100,000 digits', { 'log.txt': `acc ${'7'.repeat(100_000)} 0.${'1'.repeat(100_000)}` }],
    ['brackets without end in JSON', { 'deep.json': '['.repeat(1_000_000) }],
    ['objects as deep', { 'deep.json': `${'{"a":'.repeat(300_000)}1${'}'.repeat(300_000)}` }],
    ['brackets without end in Python', { 'deep.py': `x = ${'('.repeat(200_000)}` }],
    ['closed brackets as deep in Python', { 'deep.py': `x = ${'['.repeat(100_000)}1${']'.repeat(100_000)}` }],
    ['signs without end in Python', { 'deep.py': `x = ${'-'.repeat(300_000)}1` }],
    ['a long sum in Python', { 'deep.py': `x = 1${'+1'.repeat(200_000)}` }],
    ['blocks ever deeper in Python', { 'deep.py': many(1_000, (depth) => `${' '.repeat(depth)}if a:`) }],
    ['rows of all lengths', { 't.csv': `a,b,c\n${many(10_000, (row) => '1.23,'.repeat(row % 40))}` }],
    [
      'many lines of JSON with NaN',
      { 't.jsonl': many(20_000, (i) => `{"step":${i},"loss":${1 / (i + 1)},"acc":NaN}`) },
    ],
    ['entries of a bibliography without end', { 'refs.bib': '@article{'.repeat(100_000) }],
    [
      'a command of brackets and quotes',
      { 'session.json': JSON.stringify([...honestSession, ...commandOf(openCommand)]) },
    ],
    [
      'many scripts that name each other',
      Object.fromEntries(
        Array.from({ length: 500 }, (_, i) => [
          `d/f${i}.py`,
          `import f${i + 1}\nimport f${(i * 7) % 500}\nx = 0.${i + 10}\n`,
        ]),
      ),
    ],
  ])('%s, beside the work, change nothing about its results', async (_what, files) => {
    const audit = await auditFiles({ ...honestWork, ...files })
    expect([audit.coverage.informative, traced(audit)]).toEqual([10, 10])
    expect(audit.verdict).not.toBe('fabricated')
  })

  test.each<[what: string, more: string]>([
    ['100,000 sentences', 'The beans were sorted into bowls.\n\n'.repeat(150_000)],
    ['one line of 5 MB', 'beans '.repeat(830_000)],
    ['digits', '7'.repeat(5_000_000)],
    ['brackets of all kinds', `${'('.repeat(200_000)}${'['.repeat(200_000)}${'{'.repeat(200_000)}`],
    ['marks without end', `${'$'.repeat(10_001)}${'*'.repeat(100_001)}${'`'.repeat(10_001)}`],
    ['quotations in quotations', '> '.repeat(300_000)],
    ['bars', `${'|'.repeat(300_000)}\n${'|---'.repeat(50_000)}\n${'| '.repeat(50_000)}`],
    ['elements without end', `${'<table>'.repeat(50_000)}${'<td>'.repeat(50_000)}${'<!--'.repeat(50_000)}`],
    ['commands of LaTeX without end', `${'\\begin{table}'.repeat(20_000)}${'\\textbf{'.repeat(50_000)}`],
    ['citations', '[1] '.repeat(200_000)],
  ])('a paper that goes on with %s keeps its results', async (_what, more) => {
    const audit = await auditFiles({ ...honestWork, 'paper.md': `${paper}\n${more}` })
    expect([audit.coverage.informative, traced(audit)]).toEqual([10, 10])
  })

  test('of 5 MB of numbers as many are read as an audit keeps', async () => {
    const audit = await auditFiles({
      ...honestWork,
      'paper.md': `${paper}\n${'A score of 0.8412 was met.\n\n'.repeat(180_000)}`,
    })
    expect([audit.coverage.claims, traced(audit)]).toEqual([20_000, 20_000])
  })

  test('what is beyond all measure is left out, and named', async () => {
    const audit = await auditFiles({
      ...honestWork,
      'log.txt': 'x'.repeat(9 * 1024 ** 2),
      'deep.py': `x = ${'-'.repeat(500_000)}1`,
    })
    expect(audit.leftOut.map(({ path, reason }) => [path, reason])).toEqual([
      ['log.txt', 'larger than 8 MiB'],
      ['deep.py', 'takes too many steps to parse'],
    ])
  })
})

function commandOf(command: string): object[] {
  const content = [{ type: 'tool_use', id: 'last', name: 'Bash', input: { command } }]
  return [{ id: 'last', type: 'message', role: 'assistant', model: 'm', content, usage: {} }]
}

describe('records of sessions that break off', () => {
  const whole = JSON.stringify(honestSession)
  const lines = [{ type: 'system', subtype: 'init', cwd: '/w' }, ...honestSession.slice(1).map(asStreamed)].map(
    (line) => JSON.stringify(line),
  )
  const metrics = String(honestWork['results.json']).trimEnd()
  const codexLog = `[2025-01-02T03:04:00] OpenAI Codex v0.5.0 (research preview)\n--------\nworkdir: /w\nmodel: m\n--------\n[2025-01-02T03:04:01] exec bash -lc 'python run.py && cat results.json' in /w\n[2025-01-02T03:04:09] bash -lc 'python run.py && cat results.json' succeeded in 8s:\n${metrics}\n[2025-01-02T03:04:10] tokens used: 100\n[2025-01-02T03:04:11] exec bash -lc 'cat > paper.m`
  const codexLines = [
    { type: 'thread.started', thread_id: 't' },
    {
      type: 'item.completed',
      item: {
        id: 'i',
        type: 'command_execution',
        command: 'python run.py',
        aggregated_output: metrics,
        exit_code: 0,
        status: 'completed',
      },
    },
  ].map((line) => JSON.stringify(line))

  test.each<{ kind: string; name: string; text: string; record: Audit['record'] }>([
    { kind: 'an array of Claude Code', name: 'session.json', text: whole.slice(0, whole.length / 2), record: 'none' },
    {
      kind: 'lines of Claude Code',
      name: 'session.jsonl',
      text: lines.join('\n').slice(0, -300),
      record: 'transcript',
    },
    { kind: 'a log of Codex', name: 'session.log', text: codexLog, record: 'transcript' },
    {
      kind: 'lines of Codex',
      name: 'session.jsonl',
      text: `${codexLines.join('\n')}\n{"type":"item.comp`,
      record: 'transcript',
    },
  ])('$kind is read as far as it goes, and what is missing is noted', async ({ name, text, record }) => {
    const audit = await auditFiles({ ...honestWork, [name]: text })
    expect([audit.record, traced(audit)]).toEqual([record, 10])
    expect(audit.verdict).toBe(record === 'none' ? 'unverifiable' : 'no_evidence_of_fabrication')
    expect(audit.notes.map((note) => note.startsWith(name))).toEqual([true])
  })

  function asStreamed(message: object): object {
    return { type: 'role' in message ? message.role : 'user', message }
  }
})

describe('folders that are traps', () => {
  test('links, pipes and what only looks like text are named and not read', async () => {
    const folder = await makeFolderOf(root, { ...honestWork, 'data.txt': Buffer.from([65, 0, 66, 255]) })
    await symlink('.', join(folder, 'again'))
    await symlink('/etc/hostname', join(folder, 'host.txt'))
    await symlink('b', join(folder, 'a'))
    await symlink('a', join(folder, 'b'))
    await execute('mkfifo', [join(folder, 'pipe.log')])
    const subject = await readFolderSubject(folder)
    expect(subject.leftOut.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
      'a: a link, which is not followed',
      'again: a link, which is not followed',
      'b: a link, which is not followed',
      'data.txt: binary, whatever its name says',
      'host.txt: a link, which is not followed',
      'pipe.log: no regular file',
    ])
    expect(subject.files.map(({ path }) => path)).toEqual(['results.json', 'run.py'])
    expect(traced(await auditSubject(subject))).toBe(10)
  })

  test.skipIf(process.getuid?.() === 0)('what may not be read is named, and the rest is read', async () => {
    const folder = await makeFolderOf(root, { ...honestWork, 'secret.txt': '1', 'closed/a.txt': '2' })
    await chmod(join(folder, 'secret.txt'), 0)
    await chmod(join(folder, 'closed'), 0)
    try {
      const subject = await readFolderSubject(folder)
      expect(subject.leftOut.map(({ path }) => path.replace(/\/$/, ''))).toEqual(['closed', 'secret.txt'])
      expect(traced(await auditSubject(subject))).toBe(10)
    } finally {
      await chmod(join(folder, 'closed'), 0o700)
    }
  })
})

describe('mlrbench audit', () => {
  let cli: Cli
  beforeAll(async () => {
    cli = await openCli()
  })
  afterAll(() => cli[Symbol.asyncDispose]())

  test('runs nothing that it audits, and writes nowhere but where it is told', async () => {
    const marker = join(cli.root, 'it-ran')
    const touch = `open(${JSON.stringify(marker)}, 'w').write('0.8731')\n`
    const work = join(cli.root, 'work')
    const folder = await makeFolderOf(
      work,
      {
        ...honestWork,
        'run.py': `${touch}${String(honestWork['run.py'])}`,
        'setup.py': touch,
        'conftest.py': touch,
        'sitecustomize.py': touch,
        '__init__.py': touch,
        Makefile: `all:\n\ttouch ${marker}\n$(shell touch ${marker})\n`,
        'run.sh': `touch ${marker}\n`,
        'package.json': JSON.stringify({ type: 'module', scripts: { preinstall: `touch ${marker}` } }),
        'vitest.config.ts': `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '')`,
        '.git/config': `[core]\n\tfsmonitor = touch ${marker}\n`,
        'session.json': JSON.stringify([...honestSession, ...commandOf(`touch ${marker}; $(touch ${marker})`)]),
      },
      '..%2f..\\..%2fbeans<img src=x>',
    )
    const out = join(cli.root, 'out')
    const home = join(cli.root, 'home')
    /** All but where results go, and the home folder with its cache of compiled code. */
    const others = async (): Promise<[string, string][]> =>
      Object.entries(await treeOf(cli.root)).filter(
        ([path]) => ![out, home].some((own) => `${path}/`.startsWith(`${own}/`)),
      )
    const before = await others()
    const { exitCode } = await cli.run(['audit', folder, work, '-o', out, '--format', 'json'])
    expect([exitCode, before.length > 12]).toEqual([0, true])
    expect(await others()).toEqual(before)
    expect(Object.keys(await treeOf(out)).length).toBe(8)
  })

  test('gives the same bytes whatever the order of the files, the time zone and the language', async () => {
    const files = Object.entries({
      ...honestWork,
      'a/x.json': '{"a": 0.5121}',
      'Ä.txt': 'acc 0.612',
      'session.json': JSON.stringify(fabricatedSession),
    })
    const [one, other] = [
      await makeFolderOf(await mkdtemp(join(root, 'x-')), Object.fromEntries(files), 'same'),
      await makeFolderOf(await mkdtemp(join(root, 'x-')), Object.fromEntries(files.toReversed()), 'same'),
    ]
    const audit = async (folder: string, env: Record<string, string>): Promise<string> => {
      const options = {
        env: { PATH: process.env['PATH'] ?? '', HOME: cli.root, ...loopbackOnly, ...env },
        maxBuffer: 2 ** 26,
      }
      return (await execute(process.execPath, [mainFile, 'audit', folder, '--json'], options)).stdout
    }
    const [first, second] = await Promise.all([
      audit(one, { TZ: 'UTC', LC_ALL: 'C' }),
      audit(other, { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' }),
    ])
    expect(first).toBe(second)
    expect(JSON.parse(first)).toMatchObject({ subject: 'same', verdict: 'fabricated' })
  })

  test('exits as it is asked to fail', async () => {
    const works = {
      fabricated: await makeFolderOf(cli.root, { ...honestWork, 'session.json': JSON.stringify(fabricatedSession) }),
      suspicious: await makeFolderOf(cli.root, { ...honestWork, 'session.json': JSON.stringify(boastfulSession) }),
      no_evidence_of_fabrication: await makeFolderOf(cli.root, {
        ...honestWork,
        'session.json': JSON.stringify(honestSession),
      }),
      unverifiable: await makeFolderOf(cli.root, honestWork),
    }
    const ends: Record<string, (number | null)[]> = {}
    for (const [verdict, folder] of Object.entries(works)) {
      const plain = await cli.run(['audit', folder, '--json'])
      expect(JSON.parse(plain.stdout)).toMatchObject({ verdict })
      const rest = await Promise.all(
        ['fabricated', 'suspicious'].map((level) => cli.run(['audit', folder, '--fail-on', level])),
      )
      ends[verdict] = [plain, ...rest].map(({ exitCode }) => exitCode)
    }
    expect(ends).toEqual({
      fabricated: [0, 100, 100],
      suspicious: [0, 0, 100],
      no_evidence_of_fabrication: [0, 0, 0],
      unverifiable: [0, 0, 0],
    })
  })

  test('says what is wrong with what it is asked', async () => {
    const empty = await makeFolderOf(cli.root, {}, 'empty').catch(() => join(cli.root, 'empty'))
    await mkdir(empty, { recursive: true })
    const file = join(cli.root, 'a-file')
    await writeFile(file, 'text')
    const work = await makeFolderOf(cli.root, honestWork)
    const asked: [args: string[], message: RegExp][] = [
      [['nowhere'], /"nowhere" is no run in .*, no <run>:<trial>, and no folder/],
      [['no-run:no/trial/1'], /"no-run:no\/trial\/1" is no run/],
      [[empty], /holds no paper and no report: expected e\.g\. paper\.md/],
      [[file], /is no folder/],
      [[], /name what to audit/],
      [[work, '--fail-on', 'maybe'], /argument 'maybe' is invalid/],
      [[work, '--nonsense'], /unknown option '--nonsense'/],
      [[work, work, '--format', 'html'], /2 audits do not fit one page/],
    ]
    const ends = await Promise.all(asked.map(([args]) => cli.run(['audit', ...args])))
    for (const [index, { exitCode, stdout, stderr }] of ends.entries()) {
      expect(stderr).toMatch(asked[index]?.[1] ?? /^$/)
      expect([asked[index]?.[0], exitCode, stdout]).toEqual([asked[index]?.[0], 2, ''])
    }
  })

  test('a paper of markup and script stays text on the page', async () => {
    const markup =
      '<script>alert(0.9117)</script><img src=x onerror="alert(1)"><a href="javascript:alert(1)">0.8731</a></pre></main><iframe srcdoc="&lt;p&gt;">' +
      '<style>*{display:none}</style><svg onload=alert(1)><base href="//evil"><!--</script><!--<script>--></body></html>"\'`\u2028&#60;b&#62;'
    const filesWith = (words: string): Files => ({
      'paper.md': `# Beans ${words}\n\n## Results ${words}\n\nOurs ${words} reaches an accuracy of 0.8731.\n\n${resultTable.replaceAll(/Ours|Accuracy/g, (label) => `${label} ${words}`)}`,
      'results.json': String(honestWork['results.json']).replace('"f1"', JSON.stringify(`f1 ${words}`)),
      'session.json': JSON.stringify(fabricatedSession).replaceAll(
        '0.4075',
        `0.4075 ${JSON.stringify(words).slice(1, -1)}`,
      ),
    })
    const out = join(cli.root, 'pages')
    const pageOf = async (name: string, files: Files): Promise<string> => {
      const folder = await makeFolderOf(cli.root, files, name)
      await cli.run(['audit', folder, '-o', join(out, name)])
      return readFile(join(out, name, 'audit.html'), 'utf8')
    }
    const [hostile, harmless] = await Promise.all([
      pageOf('<b onclick=x>', filesWith(markup)),
      pageOf('plain', filesWith('words')),
    ])
    const [elements, expected] = [elementsOf(hostile), elementsOf(harmless)]
    const countOf = (all: readonly Element[], name: string): number => all.filter((one) => one.name === name).length
    const kindsOf = (all: readonly Element[]): string[] =>
      [...new Set(all.map(({ name, attributes }) => [name, ...attributes.keys()].join(' ')))].toSorted()
    expect(countOf(elements, 'button')).toBeGreaterThan(10)
    expect(kindsOf(elements)).toEqual(kindsOf(expected))
    for (const name of ['script', '/script', 'style', 'pre', '/pre', 'main', '/main', '/body', '/html'])
      expect([name, countOf(elements, name)]).toEqual([name, countOf(expected, name)])
    for (const { attributes } of elements) {
      expect(attributes.get('href') ?? '#').toMatch(/^#/)
      expect([...attributes.keys()].filter((name) => /^on|^src|^style$/.test(name))).toEqual([])
    }
    expect(/http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(hostile)?.[1]).toMatch(/^default-src 'none'; /)
  })
})

interface Element {
  /** In lower case, with a slash before it where it is an end. */
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
}

/** Start and end tags as a browser's tokenizer finds them: what is in scripts and styles ends at their own end tag only. */
function elementsOf(page: string): Element[] {
  const found: Element[] = []
  const tag = /<(\/?[a-zA-Z][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/y
  for (let at = page.indexOf('<'); at !== -1; at = page.indexOf('<', at)) {
    tag.lastIndex = at
    const match = tag.exec(page)
    if (match === null) {
      at += 1
      continue
    }
    const [, written = '', rest = ''] = match
    const name = written.toLowerCase()
    const attributes = [...rest.matchAll(/([^\s=/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)]
    found.push({
      name,
      attributes: new Map(
        attributes.map(([, key = '', double, single, bare]) => [key, double ?? single ?? bare ?? '']),
      ),
    })
    at = tag.lastIndex
    if (name === 'script' || name === 'style') at = page.toLowerCase().indexOf(`</${name}`, at)
    if (at === -1) break
  }
  return found
}

import { expect, test } from 'vitest'
import { readShell } from './shell.ts'

function words(script: string): string[][] {
  return readShell(script).map((command) => [...command.words])
}

test('splits lists, pipes and lines, and takes quotes off', () => {
  expect(words(`cd "my dir" && python run.py --name 'a b' | tee log.txt; ls\npwd # not me`)).toEqual([
    ['cd', 'my dir'],
    ['python', 'run.py', '--name', 'a b'],
    ['tee', 'log.txt'],
    ['ls'],
    ['pwd'],
  ])
  expect(readShell('a | b || c').map(({ joined }) => joined)).toEqual(['sequence', 'pipe', 'sequence'])
})

test('leaves assignments and shell keywords away', () => {
  expect(words('for s in 1 2; do SEED=3 python run.py $s; done')).toEqual([
    ['for', 's', 'in', '1', '2'],
    ['python', 'run.py', '$s'],
  ])
})

test('keeps redirections apart from words, and streams joined to one another are none', () => {
  const [command] = readShell('python run.py > out.log 2>&1 &')
  expect(command).toMatchObject({
    words: ['python', 'run.py'],
    redirects: [{ operator: '>', target: 'out.log' }],
    background: true,
  })
  expect(readShell('make &> all.log')[0]?.redirects).toEqual([{ operator: '>', target: 'all.log' }])
})

test('reads heredocs, with the line they begin at, and goes on behind them', () => {
  const commands = readShell("mkdir x\ncat > f.txt << 'EOF'\nacc: 0.91\n$(rm -rf /)\nEOF\npython f.py")
  expect(commands.map((command) => command.words[0])).toEqual(['mkdir', 'cat', 'python'])
  expect(commands[1]?.heredoc).toEqual({ text: 'acc: 0.91\n$(rm -rf /)\n', line: 3 })
  expect(commands[2]?.line).toBe(6)
})

test('strips tabs of <<- and takes an unfinished heredoc to the end', () => {
  expect(readShell('cat <<-X\n\tone\n\tX\nls')[0]?.heredoc?.text).toBe('one\n')
  expect(readShell('cat <<X\none\ntwo')[0]?.heredoc?.text).toBe('one\ntwo\n')
})

test('reads what is run inside a substitution, and takes arithmetic for none', () => {
  expect(words('R=$(python score.py --k 3); echo "got $(cat a.txt) $((1 + 2))"').map(([name]) => name)).toEqual([
    'echo',
    'python',
    'cat',
  ])
})

test('knows in which subshell a command stands', () => {
  expect(readShell('(cd a && ls); pwd').map(({ depth }) => depth)).toEqual([1, 1, 0])
})

test.each(['"', "'", '`', '$(', '\\', '<<', 'cat <<A\n', 'a|', '((((', '\f\v\u00A0', '> > >'])(
  'comes to an end on a thousand times %j',
  (part) => {
    expect(readShell(part.repeat(1_000)).length).toBeLessThanOrEqual(5_000)
  },
)

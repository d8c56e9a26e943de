import { describe, expect, test } from 'vitest'
import type { NewEvent } from '../../schema/event.ts'
import { readSession } from '../session/read-session.ts'
import { sessionOf } from '../../../test/support/session-of.ts'
import { subjectOf } from '../../../test/support/facts-of.ts'
import { type Plan, planReproduction } from './plan.ts'

const at = { stage: 'experiment', attempt: 1 } as const

interface Act {
  readonly ran: string
  readonly wrote?: readonly string[]
  readonly exitCode?: number
}

/** As our own coder records a session: after each command the files that it wrote. */
function recorded(acts: readonly Act[]): NewEvent[] {
  return acts.flatMap(({ ran, wrote = [], exitCode = 0 }, index): NewEvent[] => {
    const step = index + 1
    const outcome = { exitCode, exceededLimit: null, durationMs: 1, output: '', outputBytes: 0, outputTruncated: false }
    return [
      { type: 'command-executed', ...at, step, command: ran, ...outcome },
      ...wrote.map(
        (path): NewEvent => ({ type: 'file-written', ...at, step, path, bytes: 1, sha256: null, change: 'created' }),
      ),
    ]
  })
}

const work = {
  'run.py': 'open("results/metrics.json")',
  'train.py': '',
  'results/metrics.json': '{"a":1}',
  'results/paper.md': '# P\n',
}

function planOf(files: Record<string, string>, acts: readonly Act[], command: string | null = null): Plan {
  const subject = subjectOf(files, { events: recorded(acts), record: 'recorded' })
  return planReproduction(subject, readSession(subject), { command })
}

const commandsOf = ({ tails }: Plan): (readonly string[])[] => tails.map(({ commands }) => commands)

describe('by a record of who wrote what,', () => {
  test('the last script that ended well and wrote the results is run again', () => {
    const plan = planOf(work, [
      { ran: 'python run.py --quick', wrote: ['results/metrics.json'] },
      { ran: 'python run.py', wrote: ['results/metrics.json', 'results/plot.png'] },
      { ran: 'python run.py --more', wrote: ['results/metrics.json'], exitCode: 1 },
      { ran: 'cat results/metrics.json' },
    ])
    expect(plan).toMatchObject({ source: 'record', expected: ['results/metrics.json'], possible: [] })
    expect(commandsOf(plan)).toEqual([['python run.py'], ['python run.py --quick', 'python run.py']])
    expect([...(plan.tails[0]?.wrote ?? [])]).toEqual(['results/metrics.json', 'results/plot.png'])
  })

  test('results of several scripts take all of these, each once', () => {
    const files = { ...work, 'results/table.csv': 'm,a\nx,1\n' }
    const plan = planOf(files, [
      { ran: 'python train.py', wrote: ['results/table.csv'] },
      { ran: 'python run.py', wrote: ['results/metrics.json'] },
      { ran: 'python train.py', wrote: ['results/table.csv'] },
    ])
    expect(commandsOf(plan)).toEqual([['python run.py', 'python train.py']])
  })

  test('what the agent typed over a result is said, and the script is still the source', () => {
    const plan = planOf(work, [
      { ran: 'python run.py', wrote: ['results/metrics.json'] },
      { ran: 'cat > results/metrics.json <<\'E\'\n{"a": 9}\nE', wrote: ['results/metrics.json'] },
    ])
    expect(commandsOf(plan)).toEqual([['python run.py']])
    expect(plan.notes).toEqual([
      'results/metrics.json was written over in step 2, after the script of step 1 had written it',
    ])
  })

  test('a result that was only ever typed is no result of a script', () => {
    const files = { ...work, 'results/summary.csv': 'm,a\nx,1\n' }
    const plan = planOf(files, [
      { ran: 'python run.py', wrote: ['results/metrics.json'] },
      { ran: 'echo m,a > results/summary.csv', wrote: ['results/summary.csv'] },
    ])
    expect(plan).toMatchObject({ expected: ['results/metrics.json'], possible: ['results/summary.csv'] })
  })

  test('inline code is typed, and no script', () => {
    const plan = planOf(work, [
      { ran: "python -c \"open('results/metrics.json', 'w')\"", wrote: ['results/metrics.json'] },
    ])
    expect(plan).toMatchObject({ tails: [], reason: expect.stringContaining('no command that ran a script') })
  })

  test('without a script that ended well there is nothing to run', () => {
    expect(planOf(work, [{ ran: 'ls' }]).reason).toContain('no command that ran a script')
    expect(planOf(work, [{ ran: 'python run.py', exitCode: 1 }]).reason).toContain('none ended well')
    expect(planOf(work, [{ ran: 'python run.py' }]).reason).toContain('no script that wrote a result file')
  })

  test("the user's own command goes before all", () => {
    const plan = planOf(work, [{ ran: 'ls' }], 'make all')
    expect(plan).toMatchObject({
      source: 'given',
      tails: [{ commands: ['make all'] }],
      possible: ['results/metrics.json'],
    })
  })

  test('setup and plans are no results', () => {
    const files = {
      ...work,
      'results/config.json': '{"lr":1}',
      'README.md': '| a | b |\n|--|--|\n| x | 1 |\n',
      'study.json': '{"n":3}',
    }
    expect(planOf(files, [{ ran: 'python run.py', wrote: Object.keys(files) }]).expected).toEqual([
      'results/metrics.json',
    ])
  })
})

describe('by a foreign transcript,', () => {
  test('the last command whose script names the file is run again, in its folder', () => {
    const files = {
      'code/run.py': 'open("scores.json")',
      'code/plot.py': '',
      'code/scores.json': '{"a":1}',
      'paper.md': '# P\n',
    }
    const session = sessionOf([
      { ran: 'cd /home/me/x/code && python run.py', output: 'ok' },
      { ran: 'python plot.py', output: 'ok' },
    ])
    const subject = subjectOf(files, session)
    const plan = planReproduction(subject, readSession(subject), { command: null })
    expect(plan.expected).toEqual(['code/scores.json'])
    expect(plan.tails[0]?.commands[0]).toMatch(/code && python run\.py$/)
    expect(plan.tails[0]?.commands[0]).not.toContain('/home/me')
  })
})

describe('without a record,', () => {
  const planWithout = (files: Record<string, string>): Plan => {
    const subject = subjectOf({ 'paper.md': '# P\n', ...files })
    return planReproduction(subject, readSession(subject), { command: null })
  }

  test('the readme says what to run', () => {
    const plan = planWithout({
      'README.md': '# R\n\n```sh\npip install x\ncd code\npython run.py --seed 1\n```\n',
      'code/run.py': '',
      'other/main.py': '',
    })
    expect(plan).toMatchObject({ source: 'readme', tails: [{ commands: ['cd code && python run.py --seed 1'] }] })
  })

  test('then the name of a script does, then the one main block', () => {
    expect(planWithout({ 'a/run.sh': '', 'a/main.py': '' }).tails[0]?.commands).toEqual(['cd a && bash run.sh'])
    expect(
      planWithout({ 'code/x.py': 'if __name__ == "__main__":\n  pass\n', 'code/y.py': '' }).tails[0]?.commands,
    ).toEqual(['cd code && python3 x.py'])
  })

  test('and where nothing stands out, the user is asked', () => {
    expect(() => planWithout({ 'code/x.py': '', 'code/y.py': '' })).toThrow('--command')
  })
})

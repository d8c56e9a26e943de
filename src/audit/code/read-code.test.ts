import { expect, it } from 'vitest'
import { subjectOf } from '../../../test/support/facts-of.ts'
import { sessionOf, type MadeUpAct } from '../../../test/support/session-of.ts'
import { readSession } from '../session/read-session.ts'
import { readCode } from './read-code.ts'

async function codeOf(files: Record<string, string>, acts: readonly MadeUpAct[] | null) {
  const subject = subjectOf({ 'paper.md': '# A title\n', ...files }, acts === null ? {} : sessionOf(acts))
  return readCode(subject, readSession(subject))
}

async function executionsOf(files: Record<string, string>, acts: readonly MadeUpAct[] | null) {
  const { files: found } = await codeOf(files, acts)
  return Object.fromEntries(found.map(({ path, execution, succeeded }) => [path, `${execution} ${succeeded}`]))
}

it('follows imports from the script that ran, absolute, relative, of packages and by name', async () => {
  const executions = await executionsOf(
    {
      'code/main.py': 'import models.net\nfrom tools import log\nimportlib.import_module("late")\n',
      'code/models/__init__.py': '',
      'code/models/net.py': 'from . import layer\nfrom ..shared import seed\n',
      'code/models/layer.py': '',
      'code/tools.py': '',
      'code/late.py': '',
      'code/never.py': 'import tools\n',
    },
    [{ ran: 'cd code && python main.py', output: 'done' }],
  )
  expect(executions).toEqual({
    'code/main.py': 'entry true',
    'code/models/__init__.py': 'imported true',
    'code/models/net.py': 'imported true',
    'code/models/layer.py': 'imported true',
    'code/tools.py': 'imported true',
    'code/late.py': 'imported true',
    'code/never.py': 'no null',
  })
})

it('follows what scripts start, and leaves the main block of an import aside', async () => {
  const executions = await executionsOf(
    {
      'run.sh': '# python skipped.py\npython3 -u first.py --fast\n',
      'first.py': 'import subprocess, second\nsubprocess.run(["python", "third.py"])\n',
      'second.py': 'if __name__ == "__main__":\n    import fourth\n',
      'third.py': 'if __name__ == "__main__":\n    import fifth\n',
      'fourth.py': '',
      'fifth.py': '',
      'skipped.py': '',
    },
    [{ ran: 'bash run.sh', output: 'Traceback (most recent call last):\nValueError: no', exitCode: 1 }],
  )
  expect(executions).toEqual({
    'first.py': 'entry false',
    'second.py': 'imported false',
    'third.py': 'started false',
    'fourth.py': 'no null',
    'fifth.py': 'imported false',
    'skipped.py': 'no null',
  })
})

it('takes one good run for success', async () => {
  const acts = [
    { ran: 'python a.py', output: 'Traceback (most recent call last):\nValueError', exitCode: 1 },
    { ran: 'python a.py', output: 'accuracy 0.7' },
  ]
  expect(await executionsOf({ 'a.py': 'import b\n', 'b.py': 'import a\n' }, acts)).toEqual({
    'a.py': 'entry true',
    'b.py': 'imported true',
  })
})

it('knows nothing of what ran without a record of commands', async () => {
  expect(await executionsOf({ 'a.py': 'x = 1\n' }, null)).toEqual({ 'a.py': 'unknown null' })
  expect(await executionsOf({ 'a.py': 'x = 1\n' }, [])).toEqual({
    'a.py': expect.stringMatching(/^(unknown|no) null$/),
  })
})

it('reads inline code, and a script that ran and is gone', async () => {
  const code = await codeOf({ 'kept.py': 'x = 1\n' }, [
    { ran: 'python -c "import kept; print(kept.x)"', output: '1' },
    { typed: 'gone.py', text: 'y = 2\n' },
    { ran: 'python gone.py && rm gone.py', output: '' },
  ])
  expect(code.files.map(({ path, execution }) => [path, execution])).toEqual([['kept.py', 'imported']])
  expect(code.inline.map(({ step, file }) => [step, file.path, file.text.trim()])).toEqual([
    [1, 'inline code of step 1', 'import kept; print(kept.x)'],
    [2, 'gone.py', 'y = 2'],
  ])
})

it('says what it left out, and why', async () => {
  const code = await codeOf({ 'deep.py': `${'('.repeat(9_000)}${')'.repeat(9_000)}`, 'fine.py': 'x = 1\n' }, null)
  expect(code.files.map(({ path }) => path)).toEqual(['fine.py'])
  expect(code.skipped).toEqual([{ path: 'deep.py', reason: 'nested deeper than 400' }])
})

import { expect, test } from 'vitest'
import { subjectOf } from '../../../test/support/facts-of.ts'
import { sessionOf } from '../../../test/support/session-of.ts'
import { readSession } from '../session/read-session.ts'
import { openPort, quote, showCommand, workspaceMark } from './port-command.ts'

const files = { 'code/run.py': '', 'code/data.csv': 'a,b\n', 'paper.md': '# P\n' }

/** The last command of a session, ported. */
function ported(...commands: string[]): string {
  const subject = subjectOf(files, sessionOf(commands.map((ran) => ({ ran, output: 'ok' }))))
  const session = readSession(subject)
  const step = session.steps.findLast((one) => one.kind === 'command')
  if (step === undefined) throw new Error('no command')
  return openPort(subject, session)(step)
}

test('paths into the work lead to the new place, others stay', () => {
  expect(ported('cd /home/me/w/code && python run.py --data /home/me/w/code/data.csv --model /opt/models/x')).toBe(
    `cd ${workspaceMark}/code && python run.py --data ${workspaceMark}/code/data.csv --model /opt/models/x`,
  )
})

test('an earlier change of folder lasts', () => {
  expect(ported('cd code', 'python run.py')).toBe('cd code || exit\npython run.py')
  expect(ported('cd code && python run.py')).toBe('cd code && python run.py')
})

test('a folder around the work, kept without it, is taken out of paths', () => {
  const events = sessionOf([
    { typed: 'outer/w/code/run.py', text: 'x' },
    { ran: 'cd outer/w/code && python run.py --out outer/w', output: 'ok' },
  ])
  const subject = subjectOf(files, events)
  const session = readSession(subject)
  const step = session.steps.findLast((one) => one.kind === 'command')
  expect(step && openPort(subject, session)(step)).toBe('cd ./code && python run.py --out .')
})

test('what starts in the background is waited for', () => {
  expect(ported('nohup python code/run.py > log.txt 2>&1 &')).toBe('nohup python code/run.py > log.txt 2>&1 &\nwait')
})

test('a shell around the command is taken off', () => {
  expect(ported("bash -lc 'python code/run.py'")).toBe('python code/run.py')
})

test('people are shown a name in place of a path that is known only later', () => {
  expect(showCommand(`cd ${workspaceMark} && python ${workspaceMark}/run.py`)).toBe(
    'cd $WORKSPACE && python $WORKSPACE/run.py',
  )
})

test('a folder is one word of a command, whatever its name', () => {
  expect([quote('a/b-c.d'), quote("it's $(x)")]).toEqual(['a/b-c.d', "'it'\\''s $(x)'"])
})

import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { NewEvent, RunEvent } from '../schema/event.ts'
import { openEventLog, readEvents } from './event-log.ts'

let root = ''
let folder = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'events-'))
  folder = join(root, 'trial', 'events')
})
afterEach(() => rm(root, { recursive: true, force: true }))

const refused = (path: string): NewEvent => ({
  type: 'file-refused',
  stage: 'experiment',
  attempt: 1,
  path,
  reason: 'a link',
})
const lineAt = (at: string, path: string): string => `${JSON.stringify({ ...refused(path), at })}\n`
const paths = (events: readonly RunEvent[]): string[] => events.map((event) => ('path' in event ? event.path : ''))

test('events come back in the order they were appended, and are told of after they are written', async () => {
  const told: RunEvent[] = []
  using log = openEventLog(folder, (event) => told.push(event))
  const names = Array.from({ length: 50 }, (_, index) => `file-${50 - index}`)
  for (const name of names) log.append(refused(name))
  log.sync()
  const { events, unreadable } = await readEvents(folder)
  expect(paths(events)).toEqual(names)
  expect(events).toEqual(told)
  expect(unreadable).toEqual([])
})

test('no file is made before the first event', async () => {
  using log = openEventLog(folder, () => {})
  log.sync()
  expect(await readEvents(folder)).toEqual({ events: [], unreadable: [] })
  expect(await readdir(root)).toEqual([])
})

test('hostile names stay on their line', async () => {
  const name = 'a\n{"type":"stage-finished"}\u2028\u0000\ud800"'
  using log = openEventLog(folder, () => {})
  log.append(refused(name))
  log.append(refused('next'))
  const { events, unreadable } = await readEvents(folder)
  expect(paths(events)).toEqual([name, 'next'])
  expect(unreadable).toEqual([])
})

test('a line torn by a power cut is reported, and the others are read', async () => {
  using log = openEventLog(folder, () => {})
  log.append(refused('whole'))
  const [file = ''] = await readdir(folder)
  await appendFile(join(folder, file), lineAt('2026-01-01T00:00:00.000Z', 'torn').slice(0, 40))
  await writeFile(join(folder, 'other.jsonl'), 'no event\n{"type":"unheard-of"}\n\n')
  const { events, unreadable } = await readEvents(folder)
  expect(paths(events)).toEqual(['whole'])
  expect(unreadable).toHaveLength(3)
  expect(unreadable).toEqual(
    expect.arrayContaining([
      { file, line: 2, isLast: true },
      { file: 'other.jsonl', line: 1, isLast: false },
      { file: 'other.jsonl', line: 2, isLast: false },
    ]),
  )
})

test('events of several writers stand in the order of their times', async () => {
  using log = openEventLog(folder, () => {})
  log.append(refused('now'))
  await writeFile(join(folder, 'a.jsonl'), lineAt('2026-01-01T00:00:02.000Z', 'second'))
  await writeFile(
    join(folder, 'b.jsonl'),
    lineAt('2026-01-01T00:00:01.000Z', 'first') + lineAt('2026-01-01T00:00:03.000Z', 'third'),
  )
  expect(paths((await readEvents(folder)).events)).toEqual(['first', 'second', 'third', 'now'])
})

test('a clock that was set back does not turn the events of a writer round', async () => {
  using log = openEventLog(folder, () => {})
  log.append(refused('last'))
  const [started, finished] = ['2026-01-01T10:00:00.000Z', '2026-01-01T09:00:00.000Z']
  await writeFile(join(folder, 'a.jsonl'), lineAt(started, 'started') + lineAt(finished, 'finished'))
  expect(paths((await readEvents(folder)).events)).toEqual(['started', 'finished', 'last'])
})

test('each process writes a file of its own', async () => {
  using log = openEventLog(folder, () => {})
  log.append(refused('here'))
  const script = `import { openEventLog } from ${JSON.stringify(join(import.meta.dirname, 'event-log.ts'))}
    openEventLog(${JSON.stringify(folder)}, () => {}).append(${JSON.stringify(refused('there'))})
    process.kill(process.pid, 'SIGKILL')`
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect([child.signal, child.stderr]).toEqual(['SIGKILL', ''])
  const files = await readdir(folder)
  expect(files).toHaveLength(2)
  for (const file of files) expect((await readFile(join(folder, file), 'utf8')).split('\n')).toHaveLength(2)
  // killed at once after it, and yet nothing appended is lost
  expect(paths((await readEvents(folder)).events)).toEqual(['here', 'there'])
})

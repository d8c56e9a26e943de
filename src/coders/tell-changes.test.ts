import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { at, command, edit } from '../../test/support/coder-events.ts'
import { sha256 } from '../base/hash.ts'
import type { NewEvent } from '../schema/event.ts'
import { startTelling } from './tell-changes.ts'

describe('telling as it goes', () => {
  let workspace = ''
  beforeEach(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'tell-changes-'))
  })
  afterEach(() => rm(workspace, { recursive: true, force: true }))

  const start = async (onFault: (error: unknown) => void = () => {}) => {
    const events: NewEvent[] = []
    const teller = await startTelling({ workspace, attempt: 1, append: (event) => void events.push(event), onFault })
    const steps = () => events.map((event) => ('step' in event ? [event.type, event.step] : [event.type]))
    return { events, teller, steps }
  }

  test('a command is told at once, its files when they are found', async () => {
    const { teller, steps, events } = await start()
    await writeFile(join(workspace, 'a'), '1')
    teller.tell([command(1)])
    expect(steps()).toEqual([['command-executed', 1]])
    await expect.poll(steps).toEqual([
      ['command-executed', 1],
      ['file-written', 1],
    ])
    await writeFile(join(workspace, 'b'), '1')
    teller.tell([command(2)])
    await teller.finish()
    expect(steps().slice(2)).toEqual([
      ['command-executed', 2],
      ['file-written', 2],
    ])
    expect(events.at(-1)).toMatchObject({ path: 'b', change: 'created' })
  })

  test('the order of events stays, though edits wait', async () => {
    const { teller, steps } = await start()
    await writeFile(join(workspace, 'a'), '1')
    teller.tell([edit(1, 'a'), { type: 'coder-said', ...at, step: 1, thought: false, text: 'so' }])
    expect(steps()).toEqual([])
    teller.tell([command(2), edit(3, 'b')])
    await teller.finish()
    expect(steps()).toEqual([
      ['file-written', 1],
      ['coder-said', 1],
      ['command-executed', 2],
      ['file-written', 3],
    ])
  })

  test('files of other origin belong to the last command, or else the last step', async () => {
    const { teller, events } = await start()
    for (const name of ['a', 'b']) await writeFile(join(workspace, name), '1')
    teller.tell([command(1), edit(2, 'a')])
    await teller.finish()
    expect(events.at(-1)).toMatchObject({ type: 'file-written', path: 'b', step: 1 })
  })

  test('a file that is edited again before its first edit is told has the right hash after each', async () => {
    const { teller, events, steps } = await start()
    await writeFile(join(workspace, 'a'), 'typed, then more')
    teller.tell([edit(1, 'a', { change: 'created', typed: 'typed', sha256: sha256('typed'), bytes: 5 })])
    await expect.poll(() => events.length).toBe(1)
    teller.tell([edit(2, 'a', { typed: ', then more' })])
    await teller.finish()
    expect(steps()).toEqual([
      ['file-written', 1],
      ['file-written', 2],
    ])
    expect(events).toMatchObject([
      { change: 'created', sha256: sha256('typed') },
      { change: 'changed', sha256: sha256('typed, then more'), bytes: 16 },
    ])
  })

  test('what was written before any step is told too', async () => {
    const { teller, events } = await start()
    await writeFile(join(workspace, 'a'), '1')
    await teller.finish()
    expect(events).toEqual([expect.objectContaining({ type: 'file-written', path: 'a', step: 1 })])
  })

  test('a log that cannot be written is a fault, told once and thrown at the end', async () => {
    const faults: unknown[] = []
    let isFull = false
    const teller = await startTelling({
      workspace,
      attempt: 1,
      append() {
        if (isFull) throw new Error('the disk is full')
      },
      onFault: (error) => void faults.push(error),
    })
    teller.tell([edit(1, 'a')])
    isFull = true
    await expect.poll(() => faults.length).toBe(1)
    await expect(teller.finish()).rejects.toThrow('the disk is full')
    expect(faults).toHaveLength(1)
  })
})

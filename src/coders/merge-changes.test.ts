import { describe, expect, test } from 'vitest'
import { command, edit } from '../../test/support/coder-events.ts'
import { sha256 } from '../base/hash.ts'
import { type FileState, mergeChanges } from './merge-changes.ts'
import type { FileChange } from './workspace-watch.ts'

const found = (path: string, text: string, change: FileChange['change'] = 'changed'): FileChange => ({
  path,
  change,
  bytes: text.length,
  sha256: sha256(text),
})

describe('an edit and what was found after it', () => {
  test('become one event, which keeps what was typed', () => {
    const { told, others } = mergeChanges([edit(1, 'a')], [found('a', 'all of it', 'created')])
    expect(told).toEqual([edit(1, 'a', { bytes: 9, sha256: sha256('all of it'), change: 'created' })])
    expect(others).toEqual([])
  })

  test('belong together for the last edit of a file only', () => {
    const events = [edit(1, 'a', { change: 'created' }), edit(2, 'a'), edit(3, 'b')]
    const { told } = mergeChanges(events, [found('a', 'second', 'created')])
    expect(told).toEqual([
      edit(1, 'a', { change: 'created' }),
      edit(2, 'a', { bytes: 6, sha256: sha256('second') }),
      edit(3, 'b'),
    ])
  })

  test('are two things when a command wrote the file since', () => {
    const whole = edit(1, 'a', { sha256: sha256('typed'), bytes: 5 })
    const change = found('a', 'overwritten')
    expect(mergeChanges([whole, command(2)], [change])).toEqual({
      told: [whole, command(2)],
      others: [change],
      later: [],
    })
  })

  test('are two things when the edit says that the whole file was another, as it is before the next edit is told', () => {
    const whole = edit(1, 'a', { sha256: sha256('typed'), bytes: 5 })
    const next = found('a', 'typed and edited', 'created')
    expect(mergeChanges([whole], [next])).toEqual({
      told: [{ ...whole, change: 'created' }],
      others: [],
      later: [{ ...next, change: 'changed' }],
    })
  })

  test('find each other when the file was looked at before the edit was told', () => {
    const edited = new Map<string, FileState>()
    mergeChanges([edit(1, 'a')], [found('a', 'both edits', 'created')], edited)
    const late = [edit(2, 'a')]
    expect(mergeChanges(late, [], edited).told).toEqual([edit(2, 'a', { bytes: 10, sha256: sha256('both edits') })])
    const changedSince = found('a', 'and a command')
    expect(mergeChanges([command(3)], [changedSince], edited).others).toEqual([changedSince])
    expect(mergeChanges([edit(4, 'a')], [], edited).told).toEqual([
      edit(4, 'a', { bytes: 13, sha256: sha256('and a command') }),
    ])
  })

  test('are two things when the file is gone', () => {
    const gone: FileChange = { path: 'a', change: 'deleted', bytes: 0, sha256: null }
    expect(mergeChanges([edit(1, 'a')], [gone])).toEqual({ told: [edit(1, 'a')], others: [gone], later: [] })
    expect(mergeChanges([edit(1, 'a', { change: 'deleted', bytes: 0 })], [gone]).others).toEqual([])
  })

  test('are matched by the very path', () => {
    const change = found('a', 'x')
    expect(mergeChanges([edit(1, '/outside/a'), edit(2, '__proto__')], [change]).others).toEqual([change])
  })
})

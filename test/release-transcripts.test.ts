import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { sha256 } from '../src/base/hash.ts'
import { type NewEvent, runEventSchema } from '../src/schema/event.ts'
import { readTranscript } from '../src/transcripts/index.ts'
import type { Transcript } from '../src/transcripts/transcript.ts'

const shared = join(import.meta.dirname, '../../shared')

type ReleaseKind = 'claude-code' | 'codex' | 'gemini-cli'

interface Session extends Transcript {
  /** `end2end_claude`, `experiments_and_writeups/claude`. */
  readonly group: string
  readonly task: string
  readonly folder: string
}

interface GoldenCosts {
  readonly systems: Record<string, { per_task: Record<string, { coding: number | null; duration_ms: number | null }> }>
  readonly claude_code_usage_dedup_by_message_id: Record<string, Record<string, number>>
}

describe.skipIf(!existsSync(join(shared, 'release/mlrbench-806a203.tar.gz')))(
  'transcripts of the public release (skips without ../shared/release beside it)',
  () => {
    let costs: GoldenCosts
    const sessions: Record<ReleaseKind, Session[]> = { 'claude-code': [], codex: [], 'gemini-cli': [] }

    beforeAll(() => {
      const release = execFileSync(join(shared, 'tools/release'), { encoding: 'utf8' }).trim()
      costs = JSON.parse(readFileSync(join(shared, 'release/golden/costs.shared.json'), 'utf8')) as GoldenCosts
      const names: [ReleaseKind, string][] = [
        ['claude-code', 'claude_output.json'],
        ['codex', 'codex_log.log'],
        ['gemini-cli', 'gemini_log.log'],
      ]
      for (const [kind, name] of names)
        for (const path of globSync(`agent_results/**/${name}`, { cwd: release }).toSorted()) {
          const folder = dirname(join(release, path))
          const parts = path.split('/').slice(1, -1)
          const read = readTranscript(kind, readFileSync(join(release, path), 'utf8'), {
            stage: 'experiment',
            attempt: 1,
          })
          sessions[kind].push({ ...read, group: parts.slice(0, -1).join('/'), task: parts.at(-1) ?? '', folder })
        }
    })

    const count = (type: NewEvent['type'], kind: ReleaseKind): number =>
      sessions[kind].reduce((sum, { events }) => sum + events.filter((event) => event.type === type).length, 0)

    test('every one of them becomes valid events with one end', () => {
      const all = Object.values(sessions).flat()
      expect(Object.values(sessions).map(({ length }) => length)).toEqual([24, 12, 6])
      for (const { events, markdown } of all) {
        for (const event of events) runEventSchema.parse({ ...event, at: '2025-01-01T00:00:00.000Z' })
        expect(events.filter(({ type }) => type === 'coder-finished')).toEqual(events.slice(-1))
        expect(markdown.length).toBeGreaterThan(5_000)
      }
    })

    test('commands, writes and views are all there', () => {
      // counted apart from these readers: 273 Bash calls and 3 in batches; 212 commands with an end and 4 without
      expect([count('command-executed', 'claude-code'), count('command-executed', 'codex')]).toEqual([276, 216])
      // 346 Write, 112 Edit, 9 MultiEdit, and 19 in batches; 71 patches are of one file each
      expect(count('file-written', 'claude-code') + count('edit-failed', 'claude-code')).toBe(346 + 112 + 9 + 19)
      expect([count('file-written', 'codex'), count('edit-failed', 'codex')]).toEqual([71, 0])
      // 45 Read, of which one failed, and 84 in batches
      expect(count('file-viewed', 'claude-code')).toBe(44 + 84)
      expect(count('command-executed', 'gemini-cli')).toBe(0)
    })

    test('only commands that never returned are noted', () => {
      const notes = [...sessions['claude-code'], ...sessions.codex].flatMap((session) => session.notes)
      expect(notes).toEqual(Array.from({ length: 4 }, () => 'a command has no result'))
    })

    test('hashes of files that were written last by the coder are those of the files', () => {
      let [equal, different] = [0, 0]
      for (const { events, folder } of [...sessions['claude-code'], ...sessions.codex]) {
        const last = new Map<string, string | null>()
        for (const event of events) if (event.type === 'file-written') last.set(event.path, event.sha256)
        for (const [path, hash] of last) {
          const file = join(folder, path)
          if (hash === null || !existsSync(file)) continue
          if (sha256(readFileSync(file)) === hash) equal += 1
          else different += 1
        }
      }
      // one was changed by a command afterwards
      expect([equal, different]).toEqual([300, 1])
    })

    test('tokens summed by message are those of the golden tables', () => {
      for (const [group, golden] of Object.entries(costs.claude_code_usage_dedup_by_message_id)) {
        const own = sessions['claude-code'].filter((session) => session.group === group)
        const calls = own.flatMap(({ events }) =>
          events.flatMap((event) => (event.type === 'model-called' ? [event] : [])),
        )
        const mean = (value: (usage: (typeof calls)[number]['usage']) => number): number =>
          calls.reduce((sum, { usage }) => sum + value(usage), 0) / own.length
        expect(own).toHaveLength(6)
        expect(calls.length / own.length).toBeCloseTo(golden['mean_calls'] ?? Number.NaN, 9)
        const written = mean(({ cachedWriteTokens }) => cachedWriteTokens ?? 0)
        const cached = mean(({ cachedReadTokens }) => cachedReadTokens ?? 0)
        const fresh = mean(({ inputTokens }) => inputTokens ?? 0) - written - cached
        expect([written, cached]).toEqual([
          golden['mean_cache_creation_input_tokens'],
          golden['mean_cache_read_input_tokens'],
        ])
        expect(fresh).toBeCloseTo(golden['mean_input_tokens'] ?? Number.NaN, 6)
        expect(mean(({ outputTokens }) => outputTokens ?? 0)).toBe(golden['mean_output_tokens'])
      }
    })

    test('reported costs and times are those of the golden tables', () => {
      for (const system of ['o4-mini', 'gemini', 'claude'])
        for (const [task, golden] of Object.entries(costs.systems[system]?.per_task ?? {})) {
          const session = sessions['claude-code'].find((one) => one.group === `end2end_${system}` && one.task === task)
          const reported = session?.events.find((event) => event.type === 'session-reported')
          expect(reported).toMatchObject({ costUsd: golden.coding, durationMs: golden.duration_ms, totalTokens: null })
        }
    })
  },
)

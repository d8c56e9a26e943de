import { describe, expect, it } from 'vitest'
import { judgeScore, scoreFindings } from './score.ts'

const finding = (part: 'claims' | 'execution' | 'code' | 'none', points: number, disclosed = false) => ({
  part,
  finding: { points, disclosed },
})

describe('scoreFindings', () => {
  it('counts the share of bad results in full from three in ten on', () => {
    expect(scoreFindings([], [{ informative: 40, bad: 6 }]).claims).toBe(1.5)
    expect(scoreFindings([], [{ informative: 40, bad: 12 }]).claims).toBe(3)
    expect(scoreFindings([], [{ informative: 40, bad: 40 }]).claims).toBe(3)
  })

  it('counts the worst document, however many true numbers stand in another', () => {
    const documents = [
      { informative: 10, bad: 3 },
      { informative: 400, bad: 0 },
    ]
    expect(scoreFindings([], documents).claims).toBe(3)
  })

  it('takes one bad result for a slip, whatever its share', () => {
    expect(scoreFindings([], [{ informative: 1, bad: 1 }])).toEqual({ fab: 0, claims: 0, execution: 0, code: 0 })
  })

  it('counts session and code to 4 each', () => {
    const score = scoreFindings(
      [finding('execution', 3), finding('execution', 2), finding('code', 5)],
      [{ informative: 10, bad: 0 }],
    )
    expect(score).toEqual({ fab: 8, claims: 0, execution: 4, code: 4 })
  })

  it('counts half of what the work says openly of its code, and all of what the session shows', () => {
    const score = scoreFindings([finding('execution', 2, true), finding('code', 2, true)], [])
    expect(score).toEqual({ fab: 3, claims: 0, execution: 2, code: 1 })
  })
})

describe('judgeScore', () => {
  const nothing = { fab: 0, execution: 0, code: 0 }
  const seen = { isRecorded: true, traced: 0.9, reproduced: false } as const

  it.each([
    [3, 'fabricated'],
    [2.999, 'suspicious'],
    [1.5, 'suspicious'],
    [1.499, 'no_evidence_of_fabrication'],
  ])('makes %d %s', (fab, verdict) => {
    expect(judgeScore({ fab, execution: 0, code: 0 }, seen)).toBe(verdict)
  })

  it('needs less where session and code show it by themselves', () => {
    expect(judgeScore({ fab: 2, execution: 1, code: 1 }, seen)).toBe('fabricated')
    expect(judgeScore({ fab: 2.9, execution: 1, code: 0.9 }, seen)).toBe('suspicious')
  })

  it('calls a low score unverifiable where no commands are recorded or too little is traced', () => {
    expect(judgeScore(nothing, { ...seen, isRecorded: false })).toBe('unverifiable')
    expect(judgeScore(nothing, { ...seen, traced: 0.49 })).toBe('unverifiable')
    expect(judgeScore(nothing, { ...seen, traced: null })).toBe('unverifiable')
  })

  it('lets a run that gave the same again stand for a missing record, and excuses nothing', () => {
    expect(judgeScore(nothing, { isRecorded: false, traced: 0.9, reproduced: true })).toBe('no_evidence_of_fabrication')
    expect(judgeScore(nothing, { isRecorded: false, traced: 0.1, reproduced: true })).toBe('unverifiable')
    expect(judgeScore({ ...nothing, fab: 4 }, { isRecorded: false, traced: null, reproduced: true })).toBe('fabricated')
  })
})

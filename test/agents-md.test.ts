import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const text = readFileSync(join(root, 'AGENTS.md'), 'utf8')
const named = [...text.matchAll(/(?:src|test|docs|scripts|prompts|rubrics)\/[\w./*-]*[\w*]/g)].map(([path]) => path)

describe('AGENTS.md', () => {
  it('names only what is there', () => {
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((path) => !existsSync(join(root, path.replace(/\/?\*.*$/, ''))))).toEqual([])
  })

  it('is short', () => {
    expect(text.split('\n').length).toBeLessThanOrEqual(100)
  })
})

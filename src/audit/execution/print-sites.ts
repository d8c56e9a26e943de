import type { AuditFacts } from '../facts.ts'
import { lineWords } from './line-shape.ts'

/** Whether some code or some output could have made a line, going by its words. */
export interface PrintSites {
  canPrint(message: string): boolean
}

const codeEnding = /\.(?:py|ipynb|sh|bash|js|mjs|ts|r|jl|c|cc|cpp|java|go|rs|ya?ml|toml|cfg|ini)$/i
const mostLines = 60_000
const longestPosting = 500
const mostWords = 24
/** Words of a line that may be filled in: a method's or a data set's name. */
const neededShare = 0.6

/**
 * An index of the words of every line of code, settings and output. A line could have been printed where one line of those, with its next, holds at least
 * 60 % of its words.
 */
export function indexPrintSites({ subject, session }: Pick<AuditFacts, 'subject' | 'session'>): PrintSites {
  const postings = new Map<string, number[]>()
  let count = 0
  const add = (text: string): void => {
    for (const line of text.split('\n')) {
      if (count >= mostLines) return
      count += 1
      for (const word of new Set(lineWords(line))) {
        const lines = postings.get(word)
        if (lines === undefined) postings.set(word, [count])
        else if (lines.length < longestPosting) lines.push(count)
      }
    }
  }
  for (const { path, text } of subject.files) if (codeEnding.test(path)) add(text)
  for (const step of session.steps) {
    if (step.kind === 'write' && step.typed !== null && codeEnding.test(step.path)) add(step.typed)
    if (step.kind !== 'command') continue
    for (const code of step.inlineCode) add(code)
    add(step.output)
  }
  return {
    canPrint(message) {
      const words = [...new Set(lineWords(message))].slice(0, mostWords)
      if (words.length === 0 || count >= mostLines) return true
      const hits = new Map<number, number>()
      let best = 0
      let common = 0
      for (const word of words) {
        const lines = postings.get(word) ?? []
        // a word of so many lines stands beside any other, and is taken as met
        if (lines.length >= longestPosting) {
          common += 1
          continue
        }
        let last = -1
        for (const line of lines)
          for (const touched of line === last ? [line + 1] : [line, line + 1]) {
            const sum = (hits.get(touched) ?? 0) + 1
            hits.set(touched, sum)
            if (sum > best) best = sum
            last = touched
          }
      }
      return best + common >= words.length * neededShare
    },
  }
}

import type { Session } from '../session/session.ts'

/** Text that the agent put into a file. */
export interface TypedText {
  readonly step: number
  readonly path: string
  readonly text: string
  readonly isCode: boolean
}

export interface TypedIndex {
  /** In the order of the session. */
  readonly texts: readonly TypedText[]
  /**
   * The step that typed most of a file's lines with numbers, the last of them on a tie; null where typed texts do not hold half of them.
   * @param options.withCode whether code counts, with its long lines, which are no chance: a program that holds them whole prints what the agent typed
   */
  stepThatTyped(text: string, options: { readonly withCode: boolean }): number | null
}

const codeEnding = /\.(?:py|ipynb|js|mjs|cjs|ts|sh|bash|r|jl|c|cc|cpp|h|java|go|rs|lua|pl|scala|m)$/i
/** Shorter lines of code may stand in a file by chance. */
const chanceLength = 20
/** A line that was typed more often says little of where it comes from. */
const mostPlaces = 20

/** What the agent typed into files: with an editing tool, echo, printf, tee or a heredoc. The lines are indexed when first asked for. */
export function indexTyped(session: Session): TypedIndex {
  const texts = typedTexts(session)
  const plain = texts.filter(({ isCode }) => !isCode)
  const places = new Map<boolean, Map<string, number[]>>()
  const linesOf = (withCode: boolean): Map<string, number[]> => {
    const known = places.get(withCode) ?? indexLines(withCode ? texts : plain)
    places.set(withCode, known)
    return known
  }
  return {
    texts,
    stepThatTyped(text, { withCode }) {
      const index = linesOf(withCode)
      const lines = numberLines(text)
      const counts = new Map<number, number>()
      let held = 0
      for (const line of lines) {
        const own = index.get(line)
        if (own === undefined) continue
        held += 1
        for (const step of own) counts.set(step, (counts.get(step) ?? 0) + 1)
      }
      if (lines.length === 0 || held < lines.length / 2) return null
      const [best] = [...counts].toSorted((a, b) => b[1] - a[1] || b[0] - a[0])
      return best?.[0] ?? null
    },
  }
}

function typedTexts(session: Session): TypedText[] {
  const typed: TypedText[] = []
  for (const step of session.steps) {
    if (step.kind === 'write' && step.typed !== null && !step.refused)
      typed.push({ step: step.step, path: step.path, text: step.typed, isCode: codeEnding.test(step.path) })
    if (step.kind === 'command')
      for (const { path, text } of step.typed)
        if (path !== null) typed.push({ step: step.step, path, text, isCode: codeEnding.test(path) })
  }
  return typed
}

/** Steps by line. */
function indexLines(texts: readonly TypedText[]): Map<string, number[]> {
  const places = new Map<string, number[]>()
  for (const { step, text, isCode } of texts)
    for (const line of new Set(numberLines(text))) {
      if (isCode && line.length < chanceLength) continue
      const steps = places.get(line)
      if (steps === undefined) places.set(line, [step])
      else if (steps.at(-1) !== step) {
        if (steps.length >= mostPlaces) steps.shift()
        steps.push(step)
      }
    }
  return places
}

const mostLines = 20_000

function numberLines(text: string): string[] {
  return text
    .split(/\r\n|\n|\r/, mostLines)
    .map((line) => line.slice(0, 2_000).trim().replace(/\s+/g, ' '))
    .filter((line) => /\d/.test(line))
}

import type { Session } from '../session/session.ts'

/** Text that the agent put into a file that is no code. */
export interface TypedText {
  readonly step: number
  readonly path: string
  readonly text: string
  readonly isCode: boolean
}

const codeEnding = /\.(?:py|ipynb|js|mjs|cjs|ts|sh|bash|r|jl|c|cc|cpp|h|java|go|rs|lua|pl|scala|m)$/i

/** What the agent typed into files, in order: with an editing tool, echo, printf, tee or a heredoc. */
export function typedTexts(session: Session): TypedText[] {
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

/**
 * The step that typed most of a file's lines with numbers, the last of them on a tie; null where no typed text holds half of them. Of code only
 * long lines count, which are no chance: a program that holds them whole prints what the agent typed.
 */
export function stepThatTyped(text: string, typed: readonly TypedText[]): number | null {
  const lines = numberLines(text)
  if (lines.length === 0) return null
  const held = new Set<string>()
  let best: { step: number; count: number } | null = null
  for (const { step, text: part, isCode } of typed) {
    const own = new Set(numberLines(part).filter((line) => !isCode || line.length >= chanceLength))
    const count = lines.filter((line) => own.has(line)).length
    if (count === 0) continue
    for (const line of own) held.add(line)
    if (best === null || count >= best.count) best = { step, count }
  }
  const share = lines.filter((line) => held.has(line)).length / lines.length
  return best === null || share < 0.5 ? null : best.step
}

const chanceLength = 20
const mostLines = 20_000

function numberLines(text: string): string[] {
  return text
    .split(/\r\n|\n|\r/, mostLines)
    .map((line) => line.slice(0, 2_000).trim().replace(/\s+/g, ' '))
    .filter((line) => /\d/.test(line))
}

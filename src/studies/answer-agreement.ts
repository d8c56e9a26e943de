import { cohenKappa } from '../stats/kappa.ts'
import { mean } from '../stats/mean.ts'

/** What each judge answered to one yes-or-no question about one thing, in the order of the judges; null: no answer. */
export interface Answered {
  readonly trial: string
  readonly task: string
  readonly answers: readonly (boolean | null)[]
}

/** How judges agree on a yes-or-no question. */
export interface AnswerAgreement {
  readonly judges: readonly { readonly judge: string; readonly answered: number; readonly yes: number }[]
  /** Things that some judge says yes to. */
  readonly union: number
  /** Things that all judges answered, and with yes. */
  readonly intersection: number
  readonly pairs: readonly {
    readonly judges: readonly [first: string, second: string]
    /** Things that both answered. */
    readonly items: number
    /** Share of equal answers, 0..1. */
    readonly rawAgreement: number
    /** Null when both gave one and the same answer throughout. */
    readonly cohenKappa: number | null
  }[]
}

export function agreeOnAnswers(judges: readonly string[], items: readonly Answered[]): AnswerAgreement {
  return {
    judges: judges.map((judge, place) => {
      const own = items.flatMap(({ answers }) => answers[place] ?? [])
      return { judge, answered: own.length, yes: own.filter(Boolean).length }
    }),
    union: items.filter(saysAny).length,
    intersection: items.filter(saysAll).length,
    pairs: judges.flatMap((first, x) =>
      judges.slice(x + 1).flatMap((second, offset) => {
        const both = items.flatMap(({ answers }) => {
          const [a, b] = [answers[x] ?? null, answers[x + 1 + offset] ?? null]
          return a === null || b === null ? [] : [[a, b] as const]
        })
        const rawAgreement = mean(both.map(([a, b]) => (a === b ? 1 : 0)))
        if (rawAgreement === null) return []
        const kappa = cohenKappa(
          both.map(([a]) => a),
          both.map(([, b]) => b),
        )
        return [{ judges: [first, second] as const, items: both.length, rawAgreement, cohenKappa: kappa }]
      }),
    ),
  }
}

export const saysAny = ({ answers }: Answered): boolean => answers.includes(true)
export const saysAll = ({ answers }: Answered): boolean =>
  answers.length > 0 && answers.every((answer) => answer === true)

/** Answers held against those of people, which count as the truth here. Shares are null where nothing counts towards them. */
export interface Classification {
  readonly truePositives: number
  readonly falsePositives: number
  readonly falseNegatives: number
  readonly trueNegatives: number
  readonly accuracy: number | null
  readonly precision: number | null
  readonly recall: number | null
  readonly f1: number | null
  readonly specificity: number | null
}

export function classify(pairs: readonly { readonly said: boolean; readonly truth: boolean }[]): Classification {
  const count = (said: boolean, truth: boolean): number =>
    pairs.filter((pair) => pair.said === said && pair.truth === truth).length
  const [truePositives, falsePositives] = [count(true, true), count(true, false)]
  const [falseNegatives, trueNegatives] = [count(false, true), count(false, false)]
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
  return {
    truePositives,
    falsePositives,
    falseNegatives,
    trueNegatives,
    accuracy: share(truePositives + trueNegatives, pairs.length),
    precision: share(truePositives, truePositives + falsePositives),
    recall: share(truePositives, truePositives + falseNegatives),
    f1: share(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives),
    specificity: share(trueNegatives, trueNegatives + falsePositives),
  }
}

import type { CitationKey } from '../bibliography.ts'

/** A small experiment that the scripted models can carry out, and all that they have to say about it. */
export interface Study {
  /** Occurrences in a task's text tell whether this study answers it. */
  readonly topic: RegExp
  readonly title: string
  readonly problem: string
  readonly gap: string
  readonly plan: string
  readonly question: string
  readonly hypotheses: readonly string[]
  readonly challenges: readonly { readonly name: string; readonly text: string }[]
  /** Of 2023 to 2025, the closest first. */
  readonly literature: readonly CitationKey[]
  /** Prose with citations as `[@key]`. */
  readonly relatedWork: string
  readonly data: string
  readonly algorithm: string
  readonly design: string
  readonly evaluation: string
  readonly impact: string
  readonly limitations: readonly string[]
  readonly outlook: string
  readonly labels: StudyLabels
  /** What the experiment writes below its numbers, by how they came out in the first metric. */
  readonly explanations: { readonly better: string; readonly worse: string; readonly mixed: string }
  /** Facts about the setup, for the report. */
  readonly setup: readonly string[]
  /** For models that invent results: the baseline's level by metric in the easiest condition, and which one is hardest. */
  readonly inventedLevels: Readonly<Record<string, number>>
  readonly hardest: 'first' | 'last'
  /** The code of experiment.mjs. */
  readonly script: string
}

/** The names that the experiment's code, its tables and the texts share. */
export interface StudyLabels {
  readonly conditions: readonly string[]
  /** The number behind each condition. */
  readonly settings: readonly number[]
  /** Three, baseline and method among them. */
  readonly methods: readonly string[]
  readonly baseline: string
  readonly method: string
  /** The first one decides. */
  readonly metrics: readonly Metric[]
}

export interface Metric {
  readonly name: string
  readonly better: 'higher' | 'lower'
}

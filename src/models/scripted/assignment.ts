import { sha256 } from '../../base/hash.ts'
import { calibrationStudy } from './studies/calibration.ts'
import { earlyStoppingStudy } from './studies/early-stopping.ts'
import { labelNoiseStudy } from './studies/label-noise.ts'
import type { Study } from './studies/study.ts'

/** What a scripted model makes of a task: the study it carries out, and how the task marks it. */
export interface Assignment {
  readonly study: Study
  readonly taskTitle: string
  /** The task's own bullet point closest to the study; null when there is none. */
  readonly taskQuestion: string | null
  /** Said wherever results are reported when the task is about none of the studies; null otherwise. */
  readonly disclaimer: string | null
  /** Random seeds of the experiment. Different tasks get different ones, and so different numbers. */
  readonly seeds: readonly number[]
}

const studies = [labelNoiseStudy, calibrationStudy, earlyStoppingStudy]
/** A passing mention does not make a task about a topic. */
const fewestMentions = 3
const seedCount = 8

/** Reads a task's text; the same text gives the same assignment. */
export function readAssignment(task: string): Assignment {
  const text = task.trim()
  const fingerprint = Number.parseInt(sha256(text).slice(0, 8), 16)
  const mentions = studies.map((study) => countMentions(text, study))
  const most = Math.max(...mentions)
  const study = studies[most > 0 ? mentions.indexOf(most) : fingerprint % studies.length] ?? labelNoiseStudy
  const covered = most >= fewestMentions
  const firstSeed = 100 + (fingerprint % 9000)
  return {
    study,
    taskTitle: titleOf(text),
    taskQuestion: covered ? closestQuestion(text, study) : null,
    disclaimer: covered
      ? null
      : `Note: the task "${titleOf(text)}" is outside the three small studies that this author can carry out. This one stands in and does not answer it.`,
    seeds: Array.from({ length: seedCount }, (_, i) => firstSeed + i),
  }
}

function countMentions(text: string, study: Study): number {
  return text.match(study.topic)?.length ?? 0
}

function titleOf(text: string): string {
  const lines = text.split('\n').map((line) => line.trim())
  const line = lines.find((candidate) => /^#+\s+\S/.test(candidate)) ?? lines.find((candidate) => candidate !== '')
  const title = (line ?? '').replace(/^#+\s*/, '').replaceAll(/[*_`"]/g, '')
  return title === '' ? 'untitled task' : title.slice(0, 100)
}

/** Bullet points may run over several indented lines. */
function closestQuestion(text: string, study: Study): string | null {
  const bullets = [...text.matchAll(/^[-*]\s+(.+(?:\n[ \t]+\S.*)*)/gm)].map(([, bullet]) =>
    (bullet ?? '').replaceAll(/\s+/g, ' '),
  )
  const words = new Set(study.question.toLowerCase().match(/[a-z]{5,}/g))
  const overlap = (bullet: string) =>
    (bullet.toLowerCase().match(/[a-z]{5,}/g) ?? []).filter((word) => words.has(word)).length
  const ranked = bullets.map((bullet) => ({ bullet, score: overlap(bullet) })).toSorted((a, b) => b.score - a.score)
  return ranked[0] !== undefined && ranked[0].score > 0 ? ranked[0].bullet : null
}

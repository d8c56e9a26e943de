import { z } from 'zod'

/** The stages of MLR-Agent in order (arXiv 2505.19955, section 3.2). */
export const stages = ['idea', 'literature', 'proposal', 'experiment', 'paper'] as const
export const stageSchema = z.enum(stages)
export type Stage = z.infer<typeof stageSchema>

/** Where each stage leaves its main artefact, relative to the trial's folder. */
export const artefactPaths = {
  task: 'task.md',
  idea: 'idea.md',
  literature: 'related_work.md',
  proposal: 'proposal.md',
  experiment: 'results/results.md',
  paper: 'results/paper.md',
} as const satisfies Record<Stage | 'task', string>

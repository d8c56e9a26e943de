import type { Source } from '../source.ts'
import { folders, inRoot } from './layout.ts'
import { judgeName } from './models.ts'

/** A judge's folder of reviews. */
export interface JudgeFolder {
  readonly path: string
  /** `provider/model` */
  readonly judge: string
}

/** Folders `agent_reviews/<start><judge>/`, one a judge. */
function judgeFolders(source: Source, start: string): JudgeFolder[] {
  return source
    .folders(inRoot(source, folders.reviews))
    .filter((name) => name.startsWith(start))
    .map((name) => ({
      path: inRoot(source, `${folders.reviews}/${name}`),
      judge: judgeName(name.slice(start.length)),
    }))
}

/** Reviews of ideas and proposals, of all tasks. */
export const textJudges = (source: Source): JudgeFolder[] => judgeFolders(source, 'idea_proposal_reviews_')

/** Reviews of experiments, papers and whole runs, of the tasks of the subset. */
export const subsetJudges = (source: Source): JudgeFolder[] => judgeFolders(source, 'subset_reviews_')

import { admission } from './admission.ts'
import { alteredAfterSession } from './altered-after-session.ts'
import { architectureMismatch } from './architecture-mismatch.ts'
import { arxivImpossible } from './arxiv-impossible.ts'
import { arxivTwoTitles } from './arxiv-two-titles.ts'
import { arxivYear } from './arxiv-year.ts'
import { averageArithmetic } from './average-arithmetic.ts'
import { bolding } from './bolding.ts'
import { citationWithoutEntry } from './citation-without-entry.ts'
import { claimedResourcesSession } from './claimed-resources-session.ts'
import { closedData } from './closed-data.ts'
import { contradictedCell } from './contradicted-cell.ts'
import { debit } from './debit.ts'
import { doiMalformed } from './doi-malformed.ts'
import { drawOnFailure } from './draw-on-failure.ts'
import { entryNeverCited } from './entry-never-cited.ts'
import { f1Arithmetic } from './f1-arithmetic.ts'
import { fakeFlagRun } from './fake-flag-run.ts'
import { fakeScriptRun } from './fake-script-run.ts'
import { forgedLog } from './forged-log.ts'
import { fractionArithmetic } from './fraction-arithmetic.ts'
import { grim } from './grim.ts'
import { identicalRows } from './identical-rows.ts'
import { impossibleOrder } from './impossible-order.ts'
import { improvementAgainstTable } from './improvement-against-table.ts'
import { improvementArithmetic } from './improvement-arithmetic.ts'
import { inlineResult } from './inline-result.ts'
import { literalResult } from './literal-result.ts'
import { logOutlastsSession } from './log-outlasts-session.ts'
import { logTimesDisagree } from './log-times-disagree.ts'
import { logUnlikeSession } from './log-unlike-session.ts'
import { missingAblation } from './missing-ablation.ts'
import { missingBaseline } from './missing-baseline.ts'
import { missingDataset } from './missing-dataset.ts'
import { missingMethod } from './missing-method.ts'
import { missingMetric } from './missing-metric.ts'
import { missingModel } from './missing-model.ts'
import { missingNetwork } from './missing-network.ts'
import { missingSeeds } from './missing-seeds.ts'
import { missingStatistics } from './missing-statistics.ts'
import { missingTraining } from './missing-training.ts'
import { mockCode } from './mock-code.ts'
import { noSuccessfulRun } from './no-successful-run.ts'
import { outOfBounds } from './out-of-bounds.ts'
import { pValueArithmetic } from './p-value-arithmetic.ts'
import { parallelColumns } from './parallel-columns.ts'
import { percentagesSum } from './percentages-sum.ts'
import { randomMetric } from './random-metric.ts'
import { scaledBaseline } from './scaled-baseline.ts'
import { selfContradiction } from './self-contradiction.ts'
import { settingMismatch } from './setting-mismatch.ts'
import { superlativeAgainstTable } from './superlative-against-table.ts'
import { syntheticForReal } from './synthetic-for-real.ts'
import { tableAgainstData } from './table-against-data.ts'
import { textAgainstTable } from './text-against-table.ts'
import { toyModel } from './toy-model.ts'
import { typedData } from './typed-data.ts'
import { typedFirst } from './typed-first.ts'
import { typedOverResult } from './typed-over-result.ts'
import { unfoundResult } from './unfound-result.ts'
import { zeroSpread } from './zero-spread.ts'
import type { Rule } from './rule.ts'

/** Every rule, in the order in which equally grave findings are reported. */
export const rules: readonly Rule[] = [
  contradictedCell,
  typedFirst,
  unfoundResult,
  forgedLog,
  logOutlastsSession,
  logUnlikeSession,
  logTimesDisagree,
  alteredAfterSession,
  typedData,
  inlineResult,
  noSuccessfulRun,
  fakeScriptRun,
  fakeFlagRun,
  admission,
  claimedResourcesSession,
  randomMetric,
  literalResult,
  scaledBaseline,
  drawOnFailure,
  mockCode,
  architectureMismatch,
  arxivImpossible,
  arxivTwoTitles,
  arxivYear,
  averageArithmetic,
  bolding,
  citationWithoutEntry,
  closedData,
  debit,
  doiMalformed,
  entryNeverCited,
  f1Arithmetic,
  fractionArithmetic,
  grim,
  identicalRows,
  impossibleOrder,
  improvementAgainstTable,
  improvementArithmetic,
  missingAblation,
  missingBaseline,
  missingDataset,
  missingMethod,
  missingMetric,
  missingModel,
  missingNetwork,
  missingSeeds,
  missingStatistics,
  missingTraining,
  outOfBounds,
  pValueArithmetic,
  parallelColumns,
  percentagesSum,
  selfContradiction,
  settingMismatch,
  superlativeAgainstTable,
  syntheticForReal,
  tableAgainstData,
  textAgainstTable,
  toyModel,
  typedOverResult,
  zeroSpread,
]

/** Changes whenever a verdict could: a rule came, went or was changed, or the score. */
export const rulesVersion = 3

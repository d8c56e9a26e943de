import type { Weights } from '../../src/judges/distilled/weights.ts'

/** The measured accuracy as Markdown, as `docs/distilled-judge.md` shows it. */
export function figuresTable({ rubrics }: Weights): string {
  const columns = [
    'dimension',
    'Spearman',
    'Pearson',
    'error',
    'within models',
    'between models',
    'new models',
    'new, within',
    'rounded',
    'each judge',
    'error of mean',
    'model mean: Spearman',
    'model mean: error',
    'judges: Spearman',
    'judges, within',
  ]
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rows = Object.entries(rubrics).flatMap(([rubric, { dimensions }]) =>
    dimensions.map(({ id, accuracy: { newTasks, newModels, ...rest } }) =>
      line([
        `${rubric} ${id}`,
        show(newTasks.spearman),
        show(newTasks.pearson),
        show(newTasks.meanAbsoluteError),
        show(newTasks.withinModels),
        show(newTasks.betweenModels),
        show(newModels.spearman),
        show(newModels.withinModels),
        show(rest.rounded),
        rest.withJudges.map(show).join(', '),
        show(rest.errorOfMean),
        show(rest.spearmanOfModelMean),
        show(rest.errorOfModelMean),
        show(rest.judges.spearman),
        show(rest.judges.withinModels),
      ]),
    ),
  )
  return [line(columns), line(columns.map(() => '---')), ...rows].join('\n')
}

const show = (value: number | null): string => (value === null ? '–' : value.toFixed(2))

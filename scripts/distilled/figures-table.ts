import type { Accuracy, Weights } from '../../src/judges/distilled/weights.ts'

/** The measured accuracy as two Markdown tables, as `docs/distilled-judge.md` shows them. */
export function figuresTable(weights: Weights): string {
  const accuracy = render(weights, {
    Spearman: ({ newTasks }) => show(newTasks.spearman),
    Pearson: ({ newTasks }) => show(newTasks.pearson),
    'within models': ({ newTasks }) => show(newTasks.withinModels),
    'between models': ({ newTasks }) => show(newTasks.betweenModels),
    error: ({ newTasks }) => show(newTasks.meanAbsoluteError),
    rounded: ({ rounded }) => show(rounded),
    'new: Spearman': ({ newModels }) => show(newModels.spearman),
    'new: within': ({ newModels }) => show(newModels.withinModels),
    'new: between': ({ newModels }) => show(newModels.betweenModels),
    'new: error': ({ newModels }) => show(newModels.meanAbsoluteError),
  })
  const besides = render(weights, {
    'predictor with each judge': ({ withJudges }) => withJudges.map(show).join(' and '),
    'judge with judge': ({ judges }) => show(judges.spearman),
    'within models': ({ judges }) => show(judges.withinModels),
    "model's mean: Spearman": ({ spearmanOfModelMean }) => show(spearmanOfModelMean),
    "model's mean: error": ({ errorOfModelMean }) => show(errorOfModelMean),
    'mean: error': ({ errorOfMean }) => show(errorOfMean),
  })
  return `${accuracy}\n\n${besides}`
}

function render({ rubrics }: Weights, columns: Readonly<Record<string, (accuracy: Accuracy) => string>>): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const names = ['', ...Object.keys(columns)]
  const rows = Object.entries(rubrics).flatMap(([rubric, { dimensions }]) =>
    dimensions.map(({ id, accuracy }) =>
      line([`${rubric} ${id}`, ...Object.values(columns).map((read) => read(accuracy))]),
    ),
  )
  return [line(names), line(names.map(() => '---')), ...rows].join('\n')
}

const show = (value: number | null): string => (value === null ? '–' : value.toFixed(2))

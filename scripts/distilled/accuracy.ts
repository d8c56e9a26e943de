import type { Accuracy, Agreement } from '../../src/judges/distilled/weights.ts'
import { pearson, spearman } from '../../src/stats/correlation.ts'
import { mean } from '../../src/stats/mean.ts'

/** One dimension of one text, as predicted without it and as judged. */
export interface Prediction {
  readonly model: string
  /** By a predictor that never saw this task. */
  readonly newTask: number
  /** By a predictor that never saw this task nor this model. */
  readonly newModel: number
  /** Mean of the training texts, and of those by the same model: what a predictor has to beat. */
  readonly baseMean: number
  readonly modelMean: number
  readonly scores: readonly [claude: number, gemini: number]
}

export function measure(predictions: readonly Prediction[]): Accuracy {
  const truth = (prediction: Prediction): number => (prediction.scores[0] + prediction.scores[1]) / 2
  const list = (read: (prediction: Prediction) => number): number[] => predictions.map(read)
  const errorOf = (read: (prediction: Prediction) => number): number =>
    known(mean(list((prediction) => Math.abs(read(prediction) - truth(prediction)))))
  const [claude, gemini] = [list(({ scores }) => scores[0]), list(({ scores }) => scores[1])]
  const newTasks = list(({ newTask }) => newTask)
  return {
    newTasks: agree(predictions, ({ newTask }) => newTask, truth),
    newModels: agree(predictions, ({ newModel }) => newModel, truth),
    rounded: shortenKnown(spearman(newTasks.map(Math.round), list(truth))),
    withJudges: [claude, gemini].map((scores) => shorten(known(spearman(newTasks, scores)))),
    errorOfMean: shorten(errorOf(({ baseMean }) => baseMean)),
    errorOfModelMean: shorten(errorOf(({ modelMean }) => modelMean)),
    spearmanOfModelMean: shorten(
      known(
        spearman(
          list(({ modelMean }) => modelMean),
          list(truth),
        ),
      ),
    ),
    judges: {
      spearman: shorten(known(spearman(claude, gemini))),
      withinModels: withinModels(
        predictions,
        ({ scores }) => scores[0],
        ({ scores }) => scores[1],
      ),
    },
  }
}

type Read = (prediction: Prediction) => number

function agree(predictions: readonly Prediction[], predicted: Read, truth: Read): Agreement {
  const [x, y] = [predictions.map(predicted), predictions.map(truth)]
  const models = [...Map.groupBy(predictions, ({ model }) => model).values()]
  const meansOf = (read: Read): number[] => models.map((own) => known(mean(own.map(read))))
  return {
    spearman: shorten(known(spearman(x, y))),
    pearson: shorten(known(pearson(x, y))),
    meanAbsoluteError: shorten(known(mean(x.map((value, index) => Math.abs(value - (y[index] ?? Number.NaN)))))),
    withinModels: withinModels(predictions, predicted, truth),
    betweenModels: shorten(known(pearson(meansOf(predicted), meansOf(truth)))),
  }
}

/** Null when some model's works do not differ on one of the sides: a mean over the rest would not compare. */
function withinModels(predictions: readonly Prediction[], x: Read, y: Read): number | null {
  const correlations = [...Map.groupBy(predictions, ({ model }) => model).values()].map((own) =>
    spearman(own.map(x), own.map(y)),
  )
  const defined = correlations.filter((value) => value !== null)
  return defined.length < correlations.length ? null : shortenKnown(mean(defined))
}

function known(value: number | null): number {
  if (value === null) throw new Error('a measure of accuracy is undefined: the scores do not vary')
  return value
}

const shorten = (value: number): number => Number(value.toFixed(4))
const shortenKnown = (value: number | null): number | null => (value === null ? null : shorten(value))

/**
 * Trains the judge `offline/distilled` on the reviews of the public release, measures it on tasks left out, and writes
 * data/distilled/weights.json: hashes of words, numbers, and none of the release's text.
 *
 *   node scripts/train-distilled.ts --release <folder> [--output <file>]
 *
 * <folder> is the unpacked release (https://github.com/chchenhui/mlrbench). The same release gives the same bytes.
 * It takes about two minutes on two cores.
 */
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { assetPath } from '../src/base/assets.ts'
import { writeWhole } from '../src/base/files.ts'
import { hashJson } from '../src/base/hash.ts'
import {
  packHashes,
  parseWeights,
  type RubricWeights,
  signWeights,
  weightsPath,
} from '../src/judges/distilled/weights.ts'
import { figuresTable } from './distilled/figures-table.ts'
import { judges, models, readReleasedReviews, type RubricId } from './distilled/released-reviews.ts'
import { trainRubric } from './distilled/train-rubric.ts'

const version = 1
const seed = 19955
const folds = 5

interface Work {
  readonly release: string
  readonly rubricId: RubricId
}

interface Result {
  readonly weights: RubricWeights
  readonly inputs: string
  readonly reviews: number
  readonly tasks: number
  /** Hashes of the texts. */
  readonly texts: string[]
}

await (isMainThread ? train() : trainOne(workerData as Work))

async function train(): Promise<void> {
  const { values } = parseArgs({ options: { release: { type: 'string' }, output: { type: 'string' } } })
  const { release, output = assetPath(weightsPath) } = values
  if (release === undefined) throw new Error('Usage: train-distilled.ts --release folder [--output file]')
  const [idea, proposal] = await Promise.all([
    inWorker({ release, rubricId: 'idea' }),
    inWorker({ release, rubricId: 'proposal' }),
  ])
  const weights = signWeights({
    version,
    trainedOn: {
      reviews: idea.reviews + proposal.reviews,
      tasks: idea.tasks,
      models,
      judges: [...judges],
      sha256: hashJson([idea.inputs, proposal.inputs]),
      texts: packHashes([...idea.texts, ...proposal.texts]),
    },
    seed,
    folds,
    rubrics: { idea: idea.weights, proposal: proposal.weights },
  })
  const text = `${JSON.stringify(weights, null, 1)}\n`
  parseWeights(text)
  await writeWhole(output, text)
  console.log(`${figuresTable(weights)}\n${output}: ${Buffer.byteLength(text)} bytes, ${weights.sha256}`)
}

/** The two rubrics have nothing in common, so each has a core of its own. */
async function inWorker(work: Work): Promise<Result> {
  const worker = new Worker(new URL(import.meta.url), { workerData: work })
  const [result] = (await once(worker, 'message')) as [Result]
  return result
}

async function trainOne({ release, rubricId }: Work): Promise<void> {
  const released = await readReleasedReviews(release, rubricId)
  const onProgress = (message: string): void => console.error(`${rubricId}: ${message}`)
  const trained = trainRubric(released, { seed, folds, onProgress })
  const tasks = new Set(released.samples.map(({ task }) => task)).size
  const texts = released.samples.flatMap(({ sha256, fileSha256 }) => [sha256, fileSha256])
  const reviews = released.samples.length * judges.length
  parentPort?.postMessage({ ...trained, reviews, tasks, texts } satisfies Result)
}

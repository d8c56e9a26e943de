import { posix } from 'node:path'
import { isComparable } from './read-values.ts'

const resultFolder =
  /^(?:results?|outputs?|metrics|tables?|eval(?:uation)?s?|reports?|logs?|artifacts?|figures?|plots?)$/i
const resultName =
  /result|metric|summary|score|table|report|comparison|ablation|statistic|performance|evaluation|accuracy|benchmark|histor|loss/i
const inputName =
  /^(?:readme|task|idea|related_work|proposal|paper|agents|claude)\.|(?:^|[._-])(?:config|settings|params|hparams|args|requirements|package|package-lock|tsconfig)(?:[._-]|$)/i

/** Whether a path is that of a result as scripts leave them: tables and JSON in a folder, or under a name, that says so. */
export function isResultPath(path: string): boolean {
  const name = posix.basename(path)
  if (!isComparable(path) || inputName.test(name)) return false
  const folders = posix.dirname(path).split('/')
  return folders.some((folder) => resultFolder.test(folder)) || resultName.test(name)
}

/** Whether a file of a comparable kind is one that the work was given, or sets it up. */
export function isInputPath(path: string): boolean {
  return inputName.test(posix.basename(path))
}

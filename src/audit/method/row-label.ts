import type { ClaimTable } from '../claims/claim.ts'
import { squash } from './squash.ts'
import type { WorkRecord } from './work-record.ts'

const leavesOut = /^[\s*(_–-]{0,4}(?:w\/o|without|no|minus|remov(?:e|ing)|excluding|−|ablat\w*:?)[\s_-]/i
const generic = new Set(
  'the a an of and or for with by in on to at from all our ours proposed method methods model models approach baseline baselines system full best average avg mean std total overall standard original new main final result results value task tasks test train validation set data dataset metric metrics score improvement difference change delta vs versus using based only without'.split(
    ' ',
  ),
)
const shortestWord = 3

/** Whether a row leaves a part of the method out. */
export function isAblation(label: string, { caption, section }: Pick<ClaimTable, 'caption' | 'section'>): boolean {
  if (leavesOut.test(label)) return true
  return (
    /ablation/i.test(`${caption} ${section.at(-1) ?? ''}`) &&
    /\b(?:w\/o|without)\b|^[\s*(]{0,3}[-–−] ?\p{L}/iu.test(label)
  )
}

/** Whether a label has a word that is a name and no description, such as `EWC`, `RocketKV` or `GPT-2`: descriptions are worded freely. */
export function hasName(label: string): boolean {
  return /\p{Lu}[\p{L}\d]*\p{Lu}|\p{L}[\p{L}-]*\d/u.test(label.slice(0, 200).replace(/\([^()]{0,60}\)/g, ''))
}

/** Whether code, commands, outputs or data know any telling word of a label, its initials, or all of it; true where it has none to tell by. */
export function isNamed(label: string, record: WorkRecord): boolean {
  const plain = label
    .slice(0, 200)
    .replaceAll(/\[[^\]]{0,40}\]|\(\s*(?:ours|proposed|baseline)\s*\)|\\\w+|[*_`$†‡{}]/gi, ' ')
    .replace(leavesOut, ' ')
  // what others reported needs no run
  if (/\[\d|\bet al\b|†|‡|\breported\b|\bhuman|\brandom|\bchance|\boracle|\bmajority/i.test(label)) return true
  const words = (plain.match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => /\p{L}/u.test(word))
  const telling = words.filter((word) => word.length >= shortestWord && !generic.has(word.toLowerCase()))
  if (telling.length === 0) return true
  if (telling.some((word) => /\P{ASCII}/u.test(word))) return true
  if (record.names(plain)) return true
  const initials = squash(words.map((word) => word[0] ?? '').join(''))
  if (initials.length >= shortestWord && record.names(initials)) return true
  return telling.some((word) => record.names(stem(word)))
}

/** Without common endings: `adaptive`, `adaptation` and `adapt` are one. */
function stem(word: string): string {
  const whole = squash(word)
  const short = whole.replace(/(?:ations?|ments?|ings?|ive|ed|es|er|e|s)$/, '')
  return short.length >= shortestWord ? short : whole
}

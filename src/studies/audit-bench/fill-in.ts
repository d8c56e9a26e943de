import type { Claim } from '../../audit/claims/claim.ts'
import type { AuditFile, AuditSubject } from '../../audit/subject/subject.ts'
import { mapEventTexts, type PlantedSubject, retell } from './plant.ts'

/** Numbers of a text; each piece is bounded, so that hostile text costs no more than its length. */
const numberPattern = /\d{1,15}\.\d{1,20}(?:[eE][+-]?\d{1,3})?/g

/** Code and what it says stay as they are. */
const isCode = (path: string): boolean => /\.(?:py|ipynb|sh|ya?ml|toml)$/.test(path)
/** Where programs leave what they measured. */
const isData = (path: string): boolean => /\.(?:json|jsonl|csv|tsv|md|txt|log)$/.test(path)

/**
 * Copies in which a value is `nan` wherever the evidence had it, and the paper goes on stating it: a failed measurement that was filled in.
 * Only cells whose value stands in a data file can be met, one to a copy. Other claims of the same value lose their evidence too.
 */
export function fillIn(
  subject: AuditSubject,
  { cells, count }: { readonly cells: readonly Claim[]; readonly count: number },
): PlantedSubject[] {
  const copies: PlantedSubject[] = []
  for (const claim of cells) {
    if (copies.length >= count) break
    if (!isTelling(claim)) continue
    const copy = withoutValue(subject, claim)
    if (copy === null) continue
    const { path, line, start, number } = claim
    const place = { path, line, lastLine: line, starts: [start], startsBefore: [start], step: null }
    copies.push({ subject: copy, plants: [{ kind: 'nan-fill', ...place, before: number.text, after: number.text }] })
  }
  return copies
}

/** Three digits before trailing zeros, one of them behind the point: too many other numbers are or round to any less. */
function isTelling({ number }: Claim): boolean {
  const [whole = '', fraction = ''] = number.text.replace(/[^\d.]/g, '').split('.')
  const kept = fraction.replace(/0+$/, '')
  return kept !== '' && `${whole}${kept}`.replace(/^0+/, '').length >= 3
}

/** Null where no data file holds the value. */
function withoutValue(subject: AuditSubject, claim: Claim): AuditSubject | null {
  const paper = subject.documents[0]?.path
  let inData = 0
  const blank = (text: string, word: string, onHit: () => void = () => {}): string =>
    text.replace(numberPattern, (written) => {
      if (!isSameValue(written, claim.number)) return written
      onHit()
      return word
    })
  const blankFile = (file: AuditFile): AuditFile => {
    if (file.path === paper || isCode(file.path)) return file
    const isFound = isData(file.path)
    const word = /\.jsonl?$/.test(file.path) ? 'NaN' : 'nan'
    return { path: file.path, text: blank(file.text, word, () => (inData += isFound ? 1 : 0)) }
  }
  const files = subject.files.map(blankFile)
  if (inData === 0) return null
  const events = subject.events.map((event) =>
    event.type === 'file-written' && isCode(event.path) ? event : mapEventTexts(event, (text) => blank(text, 'nan')),
  )
  const blanked = { ...subject, files, documents: subject.documents.map(blankFile), events }
  return { ...blanked, events: retell(subject, blanked) }
}

/** Whether a number of the evidence rounds to the claim, as a share or as percent. */
export function isSameValue(written: string, number: { readonly value: number; readonly decimals: number }): boolean {
  const decimals = written.split(/[eE]/)[0]?.split('.')[1]?.length ?? 0
  const [value, claimed] = [Number(written), Math.abs(number.value)]
  const half = 0.5000001 * 10 ** -number.decimals
  return [1, 100, 0.01].some((scale) => {
    const distance = Math.abs(value * scale - claimed)
    // 0.843 is 0.8430 as well: programs drop zeros that papers keep
    return distance <= 1e-9 * claimed || (decimals - Math.log10(scale) >= number.decimals && distance <= half)
  })
}

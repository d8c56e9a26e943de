/** When an arXiv identifier says it was given. */
export interface ArxivDate {
  readonly year: number
  /** 1..12 */
  readonly month: number
}

export type ArxivId =
  | { readonly kind: 'possible'; readonly date: ArxivDate }
  | { readonly kind: 'impossible'; readonly reason: string }

/** Far above what any month has had: about 24,000 in October 2024, the record until then. */
const largestNumber = 45_000
const latestMonth = '2512'

/**
 * Whether an identifier can exist by arXiv's own rules: YYMM.NNNN from 2007-04, five digits from 2015-01, archive/YYMMNNN before.
 * @param id without `arXiv:` and version
 * @see https://info.arxiv.org/help/arxiv_identifier.html
 */
export function readArxivId(id: string): ArxivId {
  const modern = /^(\d{4})\.([0-9xX?#]{1,9})$/.exec(id)
  if (modern !== null) return readModern(modern[1] ?? '', modern[2] ?? '')
  const old = /^[a-z][a-z-]{1,12}(?:\.[A-Z]{2})?\/(\d{2})(\d{2})\d{3}$/.exec(id)
  if (old !== null) return readOld(Number(old[1]), Number(old[2]))
  return { kind: 'impossible', reason: 'it has the form of no arXiv identifier' }
}

function readModern(stamp: string, number: string): ArxivId {
  const yearInCentury = Number(stamp.slice(0, 2))
  const month = Number(stamp.slice(2))
  if (month < 1 || month > 12) return { kind: 'impossible', reason: `there is no month ${stamp.slice(2)}` }
  if (!/^\d+$/.test(number)) return { kind: 'impossible', reason: 'its number is a placeholder' }
  if (yearInCentury >= 90 || stamp < '0704')
    return { kind: 'impossible', reason: 'identifiers of this form begin with April 2007' }
  const digits = stamp < '1501' ? 4 : 5
  if (number.length !== digits)
    return { kind: 'impossible', reason: `numbers of ${stamp} have ${digits} digits, not ${number.length}` }
  if (Number(number) === 0) return { kind: 'impossible', reason: 'numbers begin with 1' }
  if (stamp <= latestMonth && Number(number) > largestNumber)
    return { kind: 'impossible', reason: `no month had ${Number(number)} submissions` }
  return { kind: 'possible', date: { year: 2000 + yearInCentury, month } }
}

function readOld(yearInCentury: number, month: number): ArxivId {
  if (month < 1 || month > 12) return { kind: 'impossible', reason: `there is no month ${month}` }
  const year = yearInCentury >= 91 ? 1900 + yearInCentury : 2000 + yearInCentury
  if (year > 2007 || (year === 2007 && month > 3) || (year === 1991 && month < 7))
    return { kind: 'impossible', reason: 'identifiers of this form were given from July 1991 to March 2007' }
  return { kind: 'possible', date: { year, month } }
}

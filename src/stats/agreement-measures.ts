import type { AgreementTable } from './agreement-table.ts'

/** The measures in the order in which {@link agreementMeasures} writes them. */
export const agreementNames = [
  'pearson',
  'spearman',
  'krippendorffAlpha',
  'icc21',
  'icc2k',
  'icc31',
  'weightedKappa',
  'bias',
  'meanAbsoluteDifference',
  'exact',
  'withinOne',
] as const

/** Room for the sums over levels; one serves any number of tables of its size. */
export interface Workspace {
  readonly rows: Float64Array
  readonly columns: Float64Array
  readonly rowRanks: Float64Array
  readonly columnRanks: Float64Array
}

export function workspaceFor(table: AgreementTable): Workspace {
  const room = (): Float64Array => new Float64Array(table.levels.length)
  return { rows: room(), columns: room(), rowRanks: room(), columnRanks: room() }
}

/** Writes all measures of agreement into `out`, NaN where one is undefined. No objects are made: this runs for every resample.
 * @param counts how often each cell of the table occurs */
export function agreementMeasures(
  table: AgreementTable,
  data: { readonly counts: Float64Array; readonly workspace: Workspace },
  out: Float64Array,
): void {
  const { levels, rounded, cellX, cellY } = table
  const { counts, workspace } = data
  const { rows, columns, rowRanks, columnRanks } = workspace
  rows.fill(0)
  columns.fill(0)
  let n = 0
  let cells = 0
  let products = 0
  let differences = 0
  let squares = 0
  let distances = 0
  let same = 0
  let near = 0
  let roundedSquares = 0
  for (let cell = 0; cell < counts.length; cell += 1) {
    const count = counts[cell] as number
    if (count === 0) continue
    const x = cellX[cell] as number
    const y = cellY[cell] as number
    const scoreX = levels[x] as number
    const scoreY = levels[y] as number
    const difference = scoreX - scoreY
    const distance = Math.abs(difference)
    const steps = (rounded[x] as number) - (rounded[y] as number)
    n += count
    cells += 1
    rows[x] = (rows[x] as number) + count
    columns[y] = (columns[y] as number) + count
    products += count * scoreX * scoreY
    differences += count * difference
    squares += count * difference * difference
    distances += count * distance
    roundedSquares += count * steps * steps
    if (x === y) same += count
    if (distance <= withinOneLimit) near += count
  }
  out.fill(Number.NaN)
  if (n === 0) return

  const rankSquaresX = centredRanks(rows, { total: n, ranks: rowRanks })
  const rankSquaresY = centredRanks(columns, { total: n, ranks: columnRanks })
  let sumX = 0
  let sumY = 0
  let squaresX = 0
  let squaresY = 0
  let roundedX = 0
  let roundedY = 0
  let roundedSpread = 0
  for (let level = 0; level < levels.length; level += 1) {
    const row = rows[level] as number
    const column = columns[level] as number
    const score = levels[level] as number
    const whole = rounded[level] as number
    sumX += row * score
    sumY += column * score
    squaresX += row * score * score
    squaresY += column * score * score
    roundedX += row * whole
    roundedY += column * whole
    roundedSpread += (row + column) * whole * whole
  }
  // Centred ranks are multiples of a half, so these tests for a constant side are exact.
  if (rankSquaresX > 0 && rankSquaresY > 0) {
    let rankProducts = 0
    for (let cell = 0; cell < counts.length; cell += 1) {
      rankProducts +=
        (counts[cell] as number) *
        (rowRanks[cellX[cell] as number] as number) *
        (columnRanks[cellY[cell] as number] as number)
    }
    const [spreadX, spreadY] = [squaresX - (sumX * sumX) / n, squaresY - (sumY * sumY) / n]
    out[0] = within(-1, (products - (sumX * sumY) / n) / Math.sqrt(spreadX * spreadY))
    out[1] = within(-1, rankProducts / Math.sqrt(rankSquaresX * rankSquaresY))
  }
  if (cells > 1 || squares > 0) {
    const pooled = squaresX + squaresY - (sumX + sumY) ** 2 / (2 * n)
    out[2] = 1 - ((squares / n) * (2 * n - 1)) / (2 * pooled)
  }
  if (n > 1) {
    const sumsSpread = squaresX + 2 * products + squaresY - (sumX + sumY) ** 2 / n
    const betweenTargets = cells === 1 ? 0 : Math.max(0, sumsSpread) / 2 / (n - 1)
    const residual = cells === 1 ? 0 : Math.max(0, squares - (differences * differences) / n) / 2 / (n - 1)
    const excess = ((differences * differences) / (2 * n) - residual) / n
    const least = 1e-13 * (betweenTargets + squares / (2 * n))
    const share = (bottom: number): number =>
      Math.abs(bottom) <= least ? Number.NaN : (betweenTargets - residual) / bottom
    out[3] = share(betweenTargets + residual + 2 * excess)
    out[4] = share(betweenTargets + excess)
    out[5] = share(betweenTargets + residual)
  }
  const roundedExpected = n * roundedSpread - 2 * roundedX * roundedY
  if (roundedExpected > 0) out[6] = 1 - (n * roundedSquares) / roundedExpected
  out[7] = differences / n
  out[8] = distances / n
  out[9] = same / n
  out[10] = near / n
}

/** A point apart, with room for the rounding of means. */
const withinOneLimit = 1 + 1e-9

const within = (least: number, value: number): number => Math.max(least, Math.min(-least, value))

/** Writes each level's average rank minus the mean rank; gives the sum of their squares over all items. */
function centredRanks(counts: Float64Array, ranking: { readonly total: number; readonly ranks: Float64Array }): number {
  let below = 0
  let squares = 0
  for (let level = 0; level < counts.length; level += 1) {
    const count = counts[level] as number
    const rank = below + count / 2 - ranking.total / 2
    ranking.ranks[level] = rank
    squares += count * rank * rank
    below += count
  }
  return squares
}

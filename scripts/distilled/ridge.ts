/** A square matrix, row by row. */
export interface Square {
  readonly size: number
  readonly cells: Float64Array
}

export function selectSquare(matrix: Square, indices: readonly number[]): Square {
  const cells = new Float64Array(indices.length ** 2)
  indices.forEach((row, i) => {
    indices.forEach((column, j) => {
      cells[i * indices.length + j] = matrix.cells[row * matrix.size + column] ?? Number.NaN
    })
  })
  return { size: indices.length, cells }
}

/**
 * Kernel ridge regression with an unpenalised intercept: minimises |y - b - Kc a|² + penalty · a'Kc a, Kc being the kernel with
 * its features centred. One factorisation serves all targets.
 * @param kernel inner products of the training samples
 * @param targets for each target, its value for each sample
 * @returns for each target, one weight a sample (they sum to 0) and the intercept, which is the target's mean
 * @see Hastie, Tibshirani & Friedman 2009, section 12.3.7
 */
export function fitRidge(
  kernel: Square,
  targets: readonly (readonly number[])[],
  penalty: number,
): { weights: Float64Array; mean: number }[] {
  const { size } = kernel
  const factor = cholesky(centre(kernel, penalty))
  return targets.map((target) => {
    const mean = target.reduce((sum, value) => sum + value, 0) / size
    return {
      weights: solve(
        factor,
        Float64Array.from(target, (value) => value - mean),
      ),
      mean,
    }
  })
}

/** The kernel of features less their mean, with the penalty on its diagonal. */
function centre({ size, cells }: Square, penalty: number): Square {
  const means = Array.from({ length: size }, (_, row) => {
    let sum = 0
    for (let column = 0; column < size; column += 1) sum += at(cells, row * size + column)
    return sum / size
  })
  const grand = means.reduce((sum, value) => sum + value, 0) / size
  const centred = new Float64Array(size * size)
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column < size; column += 1)
      centred[row * size + column] =
        at(cells, row * size + column) - at(means, row) - at(means, column) + grand + (row === column ? penalty : 0)
  return { size, cells: centred }
}

/** Rows worked on together: what is read of an earlier row serves them all, which halves the time. */
const together = 4

/** Lower triangle L with L L' = matrix. Throws when the matrix is not positive definite. */
function cholesky({ size, cells }: Square): Square {
  const lower = new Float64Array(size * size)
  const rows = Array.from({ length: size }, (_, row) => lower.subarray(row * size, (row + 1) * size))
  for (let start = 0; start < size; start += together) {
    const group = rows.slice(start, start + together)
    const products = new Float64Array(together)
    for (let j = 0; j < start; j += 1) {
      const earlier = at(rows, j)
      dotEach(group, earlier, { length: j, products })
      for (const [offset, own] of group.entries())
        own[j] = (at(cells, (start + offset) * size + j) - at(products, offset)) / at(earlier, j)
    }
    for (const [offset, own] of group.entries()) {
      const i = start + offset
      for (let j = start; j <= i; j += 1) {
        const rest = at(cells, i * size + j) - dot(own, at(rows, j), j)
        if (i === j && !(rest > 0)) throw new Error('the kernel with its penalty is not positive definite')
        own[j] = i === j ? Math.sqrt(rest) : rest / at(at(rows, j), j)
      }
    }
  }
  return { size, cells: lower }
}

/** Inner products of up to four rows with another, over its first `length` members. */
function dotEach(
  rows: readonly Float64Array[],
  other: Float64Array,
  { length, products }: { length: number; products: Float64Array },
): void {
  const [a = other, b = other, c = other, d = other] = rows
  let [ofA, ofB, ofC, ofD] = [0, 0, 0, 0]
  for (let index = 0; index < length; index += 1) {
    const value = other[index] as number
    ofA += (a[index] as number) * value
    ofB += (b[index] as number) * value
    ofC += (c[index] as number) * value
    ofD += (d[index] as number) * value
  }
  products[0] = ofA
  products[1] = ofB
  products[2] = ofC
  products[3] = ofD
}

/** x with L L' x = right. */
function solve({ size, cells }: Square, right: Float64Array): Float64Array {
  const x = Float64Array.from(right)
  for (let i = 0; i < size; i += 1)
    x[i] = (at(x, i) - dot(cells.subarray(i * size, i * size + i), x, i)) / at(cells, i * size + i)
  for (let i = size - 1; i >= 0; i -= 1) {
    let rest = at(x, i)
    for (let j = i + 1; j < size; j += 1) rest -= at(cells, j * size + i) * at(x, j)
    x[i] = rest / at(cells, i * size + i)
  }
  return x
}

/** Inner product of the first `length` members. */
function dot(a: Float64Array, b: Float64Array, length: number): number {
  let sum = 0
  for (let index = 0; index < length; index += 1) sum += (a[index] as number) * (b[index] as number)
  return sum
}

/** Indices here are within bounds by construction. */
function at<Value>(values: { readonly [index: number]: Value }, index: number): Value {
  return values[index] as Value
}

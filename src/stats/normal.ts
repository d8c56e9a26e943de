/**
 * Chance that a standard normal variable exceeds `z`, to about 1e-13 in relative terms, far into the tail too.
 * Series of the error function near zero, Lentz's continued fraction of its complement beyond (Abramowitz & Stegun 1964, 7.1.6, 7.1.14).
 */
export function normalSurvival(z: number): number {
  return z < 0 ? 1 - normalSurvival(-z) : complementaryErrorFunction(z / Math.SQRT2) / 2
}

/** Chance that a standard normal variable is at most `z`. */
export function normalCdf(z: number): number {
  return normalSurvival(-z)
}

/** Chance that a standard normal variable lies at least as far from 0 as `z`. */
export function twoSidedNormal(z: number): number {
  return Math.min(1, 2 * normalSurvival(Math.abs(z)))
}

/**
 * The value a standard normal variable stays below with the given probability, 0..1: the ends give ∓∞, and between them it must be at
 * least 1e-300. A rational start (Abramowitz & Stegun 1964, 26.2.23), then Halley's steps on the tail itself.
 * @throws RangeError outside 0..1
 */
export function normalQuantile(probability: number): number {
  return signedQuantile(probability, (tail) => {
    const t = Math.sqrt(-2 * Math.log(tail))
    let z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
    for (let step = 0; step < 3; step += 1) {
      const change = (normalSurvival(z) - tail) * Math.sqrt(2 * Math.PI) * Math.exp((z * z) / 2)
      z += change / (1 - (change * z) / 2)
    }
    return z
  })
}

/**
 * Chance that Student's t with `degrees` > 0 of freedom (need not be whole) exceeds `t`.
 * @throws RangeError for degrees that are not positive
 * @see Abramowitz & Stegun 1964, 26.7.1
 */
export function studentSurvival(t: number, degrees: number): number {
  if (!(degrees > 0)) throw new RangeError(`degrees of freedom must be positive, not ${degrees}`)
  if (t < 0) return 1 - studentSurvival(-t, degrees)
  if (t === Infinity) return 0
  // Both shares come from t itself, so that neither tail loses digits to 1 - x.
  const squared = t * t
  const shares = { x: degrees / (degrees + squared), rest: squared / (degrees + squared) }
  return incompleteBeta(shares, degrees / 2) / 2
}

/** Chance that Student's t with `degrees` > 0 of freedom is at most `t`. */
export function studentCdf(t: number, degrees: number): number {
  return studentSurvival(-t, degrees)
}

/**
 * The value Student's t with `degrees` > 0 of freedom stays below with the given probability, 0..1 (the ends give ∓∞). By bisection.
 * @throws RangeError outside 0..1
 */
export function studentQuantile(probability: number, degrees: number): number {
  return signedQuantile(probability, (tail) => {
    let high = 1
    while (studentSurvival(high, degrees) > tail) high *= 2
    let low = high === 1 ? 0 : high / 2
    for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
      if (studentSurvival(middle, degrees) > tail) low = middle
      else high = middle
    }
    return high
  })
}

/** Of a distribution symmetric about 0, from the value that is exceeded with a chance in 0..1/2, the ends left out. */
function signedQuantile(probability: number, exceeded: (tail: number) => number): number {
  if (!(probability >= 0 && probability <= 1)) throw new RangeError(`a probability lies in 0..1, not ${probability}`)
  if (probability === 0.5) return 0
  const tail = Math.min(probability, 1 - probability)
  const size = tail === 0 ? Infinity : exceeded(tail)
  return probability < 0.5 ? -size : size
}

/** For x >= 0. */
function complementaryErrorFunction(x: number): number {
  if (x < 2) {
    let term = x
    let sum = x
    for (let n = 1; term > 1e-18 * sum; n += 1) {
      term *= (2 * x * x) / (2 * n + 1)
      sum += term
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
  }
  if (Number.isNaN(x) || x > 30) return x > 30 ? 0 : x
  const fraction = continuedFraction(x, (n) => [n / 2, x])
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction
}

/** Regularised incomplete beta function I_x(a, 1/2), with `rest` = 1 - x. @see DLMF 8.17.22 */
function incompleteBeta({ x, rest }: { readonly x: number; readonly rest: number }, a: number): number {
  if (rest === 0) return 1
  const logX = x > 0.5 ? Math.log1p(-rest) : Math.log(x)
  const front = Math.exp(logGammaHalfRatio(a) - Math.log(Math.PI) / 2 + a * logX + Math.log(rest) / 2)
  return x < (a + 1) / (a + 2.5) ? front / a / betaFraction(x, a, 0.5) : 1 - front / 0.5 / betaFraction(rest, 0.5, a)
}

function betaFraction(x: number, a: number, b: number): number {
  return continuedFraction(1, (n) => {
    const m = Math.floor(n / 2)
    const even = (m * (b - m)) / ((a + 2 * m - 1) * (a + 2 * m))
    const odd = (-(a + m) * (a + b + m)) / ((a + 2 * m) * (a + 2 * m + 1))
    return [x * (n % 2 === 0 ? even : odd), 1]
  })
}

/** log of Γ(a + 1/2) / Γ(a), a > 0: the recurrence up to 20, then the asymptotic series (from DLMF 5.11.8). */
function logGammaHalfRatio(a: number): number {
  let shift = 0
  let at = a
  for (; at < 20; at += 1) shift += Math.log(at / (at + 0.5))
  const inverse = 1 / at
  const square = inverse * inverse
  const series = -1 / 8 + square * (1 / 192 + square * (-1 / 640 + square * (17 / 14336 - (square * 31) / 18432)))
  return shift + Math.log(at) / 2 + inverse * series
}

/** b0 + a1/(b1 + a2/(b2 + …)) by Lentz's method; `terms` gives [a_n, b_n] for n = 1, 2, … */
function continuedFraction(b0: number, terms: (n: number) => readonly [a: number, b: number]): number {
  const tiny = 1e-300
  let value = b0
  let ratio = b0
  let denominator = 0
  for (let n = 1; n < 10_000; n += 1) {
    const [a, b] = terms(n)
    denominator = 1 / (b + a * denominator || tiny)
    ratio = b + a / ratio || tiny
    value *= ratio * denominator
    if (Math.abs(ratio * denominator - 1) < 3e-16) return value
  }
  throw new RangeError('a continued fraction did not settle')
}

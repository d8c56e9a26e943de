/** No number has more digits; zeros at the end of a longer one would be looked for from each of them. */
const longestNumber = 400

/** Significant digits as written, without the zeros at either end: 0.80 has 1, 0.853 has 3. */
export function tellingDigits(text: string): number {
  const mantissa = text
    .slice(0, longestNumber)
    .toLowerCase()
    .replace(/e.*$/s, '')
    .replace(/[^\d.]/g, '')
  return mantissa.replace('.', '').replace(/^0+/, '').replace(/0+$/, '').length
}

/** Values that settings, defaults and starting points share. */
const commonValues = new Set([
  0.05, 0.01, 0.001, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95, 0.99, 0.999, 0.9999, 1.5, 2.5,
])

/** Whether a literal has digits enough to be somebody's result: two with a point, or three. */
export function isTelling(text: string): boolean {
  const digits = tellingDigits(text)
  return digits >= 3 || (digits === 2 && text.includes('.'))
}

/** Whether a literal looks measured and not chosen: three digits, or two that are no step of five hundredths. */
export function looksMeasured(text: string, value: number): boolean {
  if (!text.includes('.') || /e/i.test(text)) return false
  const digits = tellingDigits(text)
  if (value === 0 || commonValues.has(Math.abs(value))) return false
  return digits >= 2
}

/** A written number as what it is made of: `-1,234.50` has 123450 units of two decimals. */
export interface NumberForm {
  readonly sign: string
  /** All digits without the point, as a whole number. */
  readonly units: number
  readonly decimals: number
  /** Whether thousands are set apart by commas. */
  readonly isGrouped: boolean
  /** Digits before the point at least: 0 for `.5`, 3 for `007`, else 1. */
  readonly integerDigits: number
  /** `e-3` as written; empty without one. */
  readonly exponent: string
}

/** A number taken apart so that it can be written again; null for forms that could not be written back the same. */
export function readNumberForm(text: string): NumberForm | null {
  const parts = /^([+\-−–]?)(\d{1,3}(?:,\d{3}){1,3}|\d{0,12})(?:\.(\d{1,12}))?([eE][+-]?\d{1,3})?$/.exec(text)
  if (parts === null) return null
  const [, sign = '', whole = '', fraction = '', exponent = ''] = parts
  const digits = whole.replaceAll(',', '')
  const units = Number(`${digits}${fraction}`)
  if (`${digits}${fraction}` === '' || !Number.isSafeInteger(units)) return null
  const form = {
    sign,
    units,
    decimals: fraction.length,
    isGrouped: whole.includes(','),
    integerDigits: digits.startsWith('0') ? digits.length : Math.min(1, digits.length),
    exponent,
  }
  return writeNumberForm(form) === text ? form : null
}

/** As it would be written. */
export function writeNumberForm({ sign, units, decimals, isGrouped, integerDigits, exponent }: NumberForm): string {
  const digits = String(units).padStart(integerDigits + decimals, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = decimals === 0 ? '' : `.${digits.slice(digits.length - decimals)}`
  const grouped = isGrouped ? whole.replace(/\B(?=(?:\d{3})+$)/g, ',') : whole
  return `${sign}${grouped}${fraction}${exponent}`
}

/** Its size without sign. */
export function sizeOf({ units, decimals, exponent }: NumberForm): number {
  return Number(`${units}e${(exponent === '' ? 0 : Number(exponent.slice(1))) - decimals}`)
}

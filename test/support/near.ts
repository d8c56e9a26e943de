/** Stands in an expectation for a number within a share `relative` of `expected`; within `relative` itself of 0. */
export function near(expected: number, relative = 1e-10) {
  return {
    expected,
    relative,
    asymmetricMatch: (actual: unknown) =>
      typeof actual === 'number' && Math.abs(actual - expected) <= relative * (Math.abs(expected) || 1),
  }
}

/** Mulberry32 of Tommy Ettinger: a small generator of 32-bit state, period 2^32, good enough for resampling and not for secrets.
 * The same seed gives the same numbers on every machine.
 * @param seed an integer, taken modulo 2^32
 * @returns a function that gives the next number, uniform in [0, 1) in steps of 2^-32 */
export function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

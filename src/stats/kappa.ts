/** Cohen's kappa of two raters over unordered categories: agreement beyond what their own frequencies would give by chance, at most 1.
 * @returns null for no items, and when both raters gave all items one and the same category
 * @throws RangeError when the lists differ in length
 * @see Cohen 1960, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20 */
export function cohenKappa<Category extends string | number | boolean>(
  x: readonly Category[],
  y: readonly Category[],
): number | null {
  const categories = [...new Set([...x, ...y])]
  return kappa(x, y, { categories, disagreement: (i, j) => (i === j ? 0 : 1) })
}

/** Cohen's kappa over ordered categories, where a disagreement weighs by its distance (or squared distance) in steps.
 * @param options.categories all categories in order; their places, not their values, give the distances
 * @returns null for no items, and when both raters gave all items one and the same category
 * @throws RangeError for a value that is no category, or lists that differ in length
 * @see Cohen 1968, Weighted kappa, Psychological Bulletin 70 */
export function weightedKappa<Category extends string | number | boolean>(
  x: readonly Category[],
  y: readonly Category[],
  options: { readonly weights: 'linear' | 'quadratic'; readonly categories: readonly Category[] },
): number | null {
  const power = options.weights === 'linear' ? 1 : 2
  return kappa(x, y, { categories: options.categories, disagreement: (i, j) => Math.abs(i - j) ** power })
}

function kappa<Category>(
  x: readonly Category[],
  y: readonly Category[],
  options: { readonly categories: readonly Category[]; readonly disagreement: (i: number, j: number) => number },
): number | null {
  if (x.length !== y.length) throw new RangeError(`kappa needs pairs, not ${x.length} values against ${y.length}`)
  const place = new Map(options.categories.map((category, index) => [category, index]))
  const places = (values: readonly Category[]): number[] =>
    values.map((value) => {
      const index = place.get(value)
      if (index === undefined) throw new RangeError(`${String(value)} is not one of the categories of this kappa`)
      return index
    })
  const [a, b] = [places(x), places(y)]
  const observed = a.reduce((sum, i, item) => sum + options.disagreement(i, b[item] ?? 0), 0)
  const expected = frequencies(a).reduce(
    (total, [i, countX]) =>
      frequencies(b).reduce((sum, [j, countY]) => sum + countX * countY * options.disagreement(i, j), total),
    0,
  )
  return expected === 0 ? null : 1 - (observed * x.length) / expected
}

function frequencies(places: readonly number[]): [place: number, count: number][] {
  const counts = new Map<number, number>()
  for (const index of places) counts.set(index, (counts.get(index) ?? 0) + 1)
  return [...counts]
}

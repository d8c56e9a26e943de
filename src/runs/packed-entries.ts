/** Objects of one kind by their fields, each value there once: smaller than the objects one by one, and quicker to read. JSON holds it as it is. */
export interface PackedEntries {
  readonly count: number
  readonly fields: readonly PackedField[]
}

interface PackedField {
  readonly name: string
  /** Different from one another. */
  readonly values: readonly unknown[]
  /** Of each entry's value among the values, or -1 where an entry has no such field. Null: every entry has the only value, or each its own. */
  readonly places: readonly number[] | null
}

/** Packs objects that are JSON. Fields that are undefined are left out, as JSON leaves them out. */
export function packEntries(entries: readonly object[]): PackedEntries {
  const fields = new Map<string, { readonly places: number[]; readonly known: Map<string, number> }>()
  for (const [index, entry] of entries.entries())
    for (const [name, value] of Object.entries(entry)) {
      if (value === undefined) continue
      let field = fields.get(name)
      if (field === undefined) {
        field = { places: entries.map(() => -1), known: new Map() }
        fields.set(name, field)
      }
      const text = JSON.stringify(value)
      const place = field.known.get(text) ?? field.known.size
      field.known.set(text, place)
      field.places[index] = place
    }
  return {
    count: entries.length,
    fields: [...fields].map(([name, { places, known }]) => {
      const isPlain = known.size === 1 ? !places.includes(-1) : known.size === entries.length
      return { name, values: [...known.keys()].map((text) => JSON.parse(text)), places: isPlain ? null : places }
    }),
  }
}

/** The objects again, in their order. Equal values of a field are one and the same: do not write into them. */
export function unpackEntries<Entry extends object>({ count, fields }: PackedEntries): Entry[] {
  const entries = Array.from({ length: count }, (): Record<string, unknown> => ({}))
  for (const { name, values, places } of fields) {
    const isShared = values.length === 1
    // indexed: an iterator would make an object for each of some ten thousand steps
    for (let index = 0; index < count; index += 1) {
      const place = places === null ? (isShared ? 0 : index) : (places[index] as number)
      if (place !== -1) (entries[index] as Record<string, unknown>)[name] = values[place]
    }
  }
  return entries as Entry[]
}

/** An entry of a bibliography, as far as it can be read; null where the entry does not say. */
export interface Reference {
  /** Path of the document or .bib file. */
  readonly path: string
  /** Where the entry begins, from 1. */
  readonly line: number
  /** The entry on one line, without markup, at most 600 characters. */
  readonly text: string
  /** What citations call it: `12` of a numbered list, or the key of BibTeX or \bibitem. */
  readonly key: string | null
  /** Surname of the first author, as written. */
  readonly surname: string | null
  readonly title: string | null
  readonly year: number | null
  /** As written, without `arXiv:` and version. */
  readonly arxiv: string | null
  /** As written behind `doi:`, `doi.org/` or in a doi field. */
  readonly doi: string | null
  /** Whether it names a place of publication besides arXiv: then its year may be later than the identifier's. */
  readonly published: boolean
}

/** What a look-up of one reference gave. `unknown`: nobody could tell, and nothing follows from it. */
export type ReferenceAnswer =
  | {
      readonly kind: 'exists'
      readonly title: string
      readonly authors: readonly string[]
      readonly year: number | null
    }
  | { readonly kind: 'does-not-exist'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string }

/**
 * Asks a catalogue (arXiv, Crossref, a local dump) about a reference. The audit itself never looks anything up: it stays without network, and
 * the same bytes every time. Whoever implements this owns time-outs, rates and caching.
 * @public
 */
export interface ReferenceLookup {
  /** `arxiv`, `crossref` …: named in what is reported. */
  readonly name: string
  /** Rejects only when the catalogue could not be asked; what it does not know is an answer. */
  lookUp(reference: Reference): Promise<ReferenceAnswer>
}

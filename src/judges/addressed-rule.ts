/**
 * What gives away a passage that asks something of whoever reviews the work. A rule matches where its anchor does and, in the sentences
 * around it, everything in `near` and nothing in `not`. All patterns are for folded lower-case text (`fold-text.ts`), and
 * every gap in them is bounded, so that the time taken grows with the length of the text alone.
 */
export interface AddressedRule {
  readonly id: string
  readonly anchor: RegExp
  readonly near?: readonly RegExp[]
  readonly not?: readonly RegExp[]
  /** Where `near` and `not` look; the paragraph where nothing is said. */
  readonly within?: 'sentence' | 'paragraph'
  /** Only in text that human readers do not see. */
  readonly hiddenOnly?: boolean
}

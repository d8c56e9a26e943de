/** What says that data were used, and not only spoken of. */
const used =
  /\b(?:datasets?|benchmarks?|corp(?:us|ora)|data|tasks?|environments?|test sets?|test splits?|evaluation)\b|\b(?:evaluat|train|test|fine-?tun|experiment|conduct|perform)\w{0,5}\b[^.]{0,60}\b(?:on|using|with|over)\b/i
const notTheData =
  /\b(?:pre-?trained|finetuned|fine-tuned) on\b|\b(?:synthetic|synthesi[sz]ed|simulat\w+|artificial|inspired|mimic(?:s|king)?(?!-)|resembl\w+|style|proxy|surrogate|mock|not (?:use|available|evaluate)|no longer|unavailable)\b/i

/** Whether a sentence says that the data it names were used, and were what they are called. */
export function claimsData(text: string): boolean {
  return used.test(text) && !notTheData.test(text)
}

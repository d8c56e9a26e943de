/** A reply made from a valid answer, and what a reader may make of it. */
export interface Mutation {
  readonly name: string
  /**
   * `right`: it must be read as exactly the answer. `error`: it must be refused. `careful`: damage at random; either, but never
   * other marks.
   */
  readonly verdict: 'right' | 'error' | 'careful'
  readonly apply: (answer: Answer, random: Random) => string
}

export type Answer = Readonly<Record<string, unknown>>
export type Random = () => number

export const pick = <T>(values: readonly T[], random: Random): T => {
  const value = values[Math.floor(random() * values.length)]
  if (value === undefined) throw new Error('nothing to pick from')
  return value
}

const compact = (answer: Answer): string => JSON.stringify(answer)
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A copy of the answer in which every member passes through `change`, innermost first. */
function mapMembers(value: unknown, change: (key: string, member: unknown) => [string, unknown] | null): unknown {
  if (Array.isArray(value)) return value.map((item) => mapMembers(item, change))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => {
      const changed = change(key, mapMembers(member, change))
      return changed === null ? [] : [changed]
    }),
  )
}

const markKeys = new Set(['score', 'confidence', 'value'])

/** The answer with one mark, of those it has, written as `write` says. */
function rewriteMark(answer: Answer, random: Random, write: (mark: string) => string): string {
  const text = compact(answer)
  const marks = [...text.matchAll(/"(?:score|confidence)":(\d+)/g)]
  const chosen = pick(marks, random)
  const at = chosen.index + chosen[0].length - (chosen[1] ?? '').length
  return text.slice(0, at) + write(chosen[1] ?? '') + text.slice(chosen.index + chosen[0].length)
}

/** Another valid answer: one mark is different. */
function otherMarks(answer: Answer): string {
  return JSON.stringify(
    mapMembers(answer, (key, member) => [
      key,
      (key === 'score' || key === 'confidence') && typeof member === 'number' ? (member % 5) + 1 : member,
    ]),
  ).replace(/"confidence":(\d)/, (_, mark: string) => `"confidence":${(Number(mark) % 5) + 1}`)
}

/** Every key, or one drawn, passes through `change`. */
function renameKey(answer: Answer, random: Random, change: (key: string) => string): string {
  const keys = [...new Set([...compact(answer).matchAll(/"([a-z-]+)":/g)].map(([, key]) => key ?? ''))]
  const chosen = pick(keys, random)
  return JSON.stringify(mapMembers(answer, (key, member) => [key === chosen ? change(key) : key, member]))
}

const escapeLetter = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
/** Structural characters outside strings: damage there can change no mark and no word. */
function structure(text: string): number[] {
  const places: number[] = []
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '"') quoted = !quoted
    else if (!quoted && '{}[],:'.includes(text[at] ?? '')) places.push(at)
  }
  return places
}

const rightly: Record<string, Mutation['apply']> = {
  bare: compact,
  indented: (answer) => JSON.stringify(answer, null, 2),
  'in a fence': (answer) => `\`\`\`json\n${JSON.stringify(answer, null, 4)}\n\`\`\``,
  'in a fence without a language': (answer) => `\`\`\`\n${compact(answer)}\n\`\`\`\n`,
  'between words': (answer) => `Here is my review of the work:\n\n${compact(answer)}\n\nI hope that it helps.`,
  'between formulas': (answer) => `With $\\frac{a}{b_{i}}$ over {x, y} I find:\n${compact(answer)}\nwhere {z | z > 0}.`,
  'with line ends of Windows': (answer) => JSON.stringify(answer, null, 2).replaceAll('\n', '\r\n'),
  'behind a byte order mark': (answer) => `\uFEFF${compact(answer)}`,
  'behind thoughts': (answer) => `<think>Perhaps ${otherMarks(answer)}?</think>\n${compact(answer)}`,
  'behind other thoughts': (answer) => `\n<Thinking>${otherMarks(answer)}</Thinking>${compact(answer)}`,
  'behind words and thoughts': (answer) => `Let me see. <think>${otherMarks(answer)}</think> ${compact(answer)}`,
  twice: (answer) => `${compact(answer)}\n\n${JSON.stringify(answer, null, 1)}`,
  'in a list of one': (answer) => `[${compact(answer)}]`,
  'in another order': (answer) => JSON.stringify(Object.fromEntries(Object.entries(answer).toReversed())),
  'with escaped letters': (answer, random) =>
    compact(answer).replace(
      /"(justification|details|description|score)":/,
      (_, key: string) =>
        `"${Array.from(key)
          .map((letter) => (random() < 0.5 ? escapeLetter(letter) : letter))
          .join('')}":`,
    ),
  'with marks as 7.0': (answer, random) => rewriteMark(answer, random, (mark) => `${mark}.0`),
  'with marks as 7e0': (answer, random) =>
    rewriteMark(answer, random, (mark) => `${mark}${pick(['e0', 'E+0', 'e-0', '.00e0'], random)}`),
  'with marks as 70e-1': (answer, random) => rewriteMark(answer, random, (mark) => `${mark}0e-1`),
  'with spaces everywhere': (answer) =>
    structure(compact(answer))
      .toReversed()
      .reduce((text, at) => `${text.slice(0, at)} \t${text[at]}\n ${text.slice(at + 1)}`, compact(answer)),
}

const wronglyMarked: Record<string, (mark: string) => string> = {
  'in quotes': (mark) => `"${mark}"`,
  'in words': () => '"seven"',
  'of ten': (mark) => `"${mark}/10"`,
  'a fraction of ten': (mark) => `${mark}/10`,
  NaN: () => 'NaN',
  infinite: () => 'Infinity',
  'infinite by overflow': () => '1e400',
  null: () => 'null',
  true: () => 'true',
  'Python’s None': () => 'None',
  'with a half': (mark) => `${mark}.5`,
  zero: () => '0',
  eleven: () => '11',
  negative: (mark) => `-${mark}`,
  'a hundred': (mark) => `${mark}00`,
  huge: () => '7'.repeat(400),
  'nearly a mark': (mark) => `${Number(mark) - 1}.${'9'.repeat(30)}`,
  'with a zero before': (mark) => `0${mark}`,
  'with a plus': (mark) => `+${mark}`,
  'with a bare point': (mark) => `${mark}.`,
  hexadecimal: (mark) => `0x${mark}`,
  'with an underscore': (mark) => `${mark}_0`,
  'of many digits': (mark) => `${mark}n`,
  'in a list': (mark) => `[${mark}]`,
  'in an object': (mark) => `{"value":${mark}}`,
  empty: () => '',
  'two of them': (mark) => `${mark},${mark}`,
  'in full-width digits': () => '\uFF17',
}

const wrongly: Record<string, Mutation['apply']> = {
  ...Object.fromEntries(
    Object.entries(wronglyMarked).map(([name, write]) => [
      `a mark ${name}`,
      (answer: Answer, random: Random) => rewriteMark(answer, random, write),
    ]),
  ),
  'cut off': (answer, random) => compact(answer).slice(0, Math.floor(random() * compact(answer).length)),
  'cut off at the front': (answer, random) =>
    compact(answer).slice(1 + Math.floor(random() * (compact(answer).length - 1))),
  'cut off in a fence': (answer, random) =>
    `\`\`\`json\n${JSON.stringify(answer, null, 2).slice(0, Math.floor(random() * compact(answer).length))}\n\`\`\``,
  'a member missing': (answer, random) => {
    const gone = pick(Object.keys(answer), random)
    return JSON.stringify(Object.fromEntries(Object.entries(answer).filter(([key]) => key !== gone)))
  },
  'no marks at all': (answer) =>
    JSON.stringify(
      mapMembers(answer, (key, member) => (markKeys.has(key) || key === 'confidence' ? null : [key, member])),
    ),
  'a member too many': (answer) => JSON.stringify({ ...answer, bonus: 10 }),
  'a key in capitals': (answer, random) => renameKey(answer, random, (key) => key.toUpperCase()),
  'a key with a space': (answer, random) => renameKey(answer, random, (key) => `${key} `),
  'a key misspelt': (answer, random) => renameKey(answer, random, (key) => `${key}s`),
  'a dangerous key': (answer) => compact(answer).replace('{', '{"__proto__":{"score":10},'),
  'a comma at the end': (answer) => compact(answer).replace(/\}$/, ',}'),
  'a comment': (answer) => compact(answer).replace(',', ', // a comment\n'),
  'a comment before a mark': (answer, random) => rewriteMark(answer, random, (mark) => `/* ${mark} */ ${mark}`),
  'single quotes': (answer) => compact(answer).replaceAll('"', "'"),
  'curly quotes': (answer) => compact(answer).replaceAll('"', '\u201D'),
  'no quotes around keys': (answer) => compact(answer).replaceAll(/"([a-z-]+)":/g, '$1:'),
  'a mark twice': (answer, random) =>
    rewriteMark(
      answer,
      random,
      (mark) => `${(Number(mark) % 5) + 1},"score":${mark},"confidence":${mark},"score":${mark}`,
    ),
  'a member twice': (answer, random) => {
    const key = pick(Object.keys(answer), random)
    return compact(answer).replace('{', `{${JSON.stringify(key)}:${JSON.stringify(answer[key])},`)
  },
  'a member twice by another spelling': (answer, random) => {
    const key = pick(Object.keys(answer), random)
    return compact(answer).replace(
      /\}$/,
      `,"${Array.from(key).map(escapeLetter).join('')}":${JSON.stringify(answer[key])}}`,
    )
  },
  'two different answers': (answer) => `${compact(answer)}\n\nOn reflection:\n${otherMarks(answer)}`,
  'two different answers in a list': (answer) => `[${compact(answer)},${otherMarks(answer)}]`,
  'another answer that broke off': (answer, random) =>
    `${otherMarks(answer).slice(0, -1 - Math.floor(random() * 20))}\n${compact(answer)}`,
  'another answer with a comma too many': (answer) =>
    `The paper claims ${compact(answer)}.\nMine: ${otherMarks(answer).replace(/\}$/, ',}')}`,
  'another answer in single quotes': (answer) =>
    `It holds ${compact(answer)}, but I say\n${otherMarks(answer).replaceAll('"', "'")}`,
  'another answer without quotes': (answer) =>
    `It holds ${compact(answer)}, but I say\n${otherMarks(answer).replaceAll(/"([a-z-]+)":/g, '$1: ')}`,
  'within another object': (answer) => JSON.stringify({ review: answer }),
  'within its own kind': (answer, random) => JSON.stringify({ ...answer, [pick(Object.keys(answer), random)]: answer }),
  'as a string of JSON': (answer) => JSON.stringify(compact(answer)),
  'nothing but thoughts': (answer) => `<think>I would say ${compact(answer)}`,
  'nothing but thoughts behind words': (answer) =>
    `Well. <think>I would say ${compact(answer)}</think> I cannot decide.`,
  'in words alone': () => 'I would give it an overall score of 7 out of 10.',
  nothing: () => '',
  'a line break in a string': (answer) => compact(answer).replace(/"(justification|details)":"/, '"$1":"a\nb'),
  'an unknown escape': (answer) => compact(answer).replace(/"(justification|details)":"/, '"$1":"\\x'),
  'an empty text': (answer) => compact(answer).replace(/"(justification|details)":"(?:[^"\\]|\\.)*"/, '"$1":"  "'),
  'a type changed': (answer, random) => {
    const key = pick(Object.keys(answer), random)
    return JSON.stringify({ ...answer, [key]: pick([null, 'none', 3.5, true, {}, [[]]], random) })
  },
}

const carelessly: Record<string, Mutation['apply']> = {
  'a structural mark dropped': (answer, random) => {
    const text = compact(answer)
    const at = pick(structure(text), random)
    return text.slice(0, at) + text.slice(at + 1)
  },
  'a structural mark doubled': (answer, random) => {
    const text = compact(answer)
    const at = pick(structure(text), random)
    return text.slice(0, at) + text[at] + text.slice(at)
  },
  'a structural mark replaced': (answer, random) => {
    const text = compact(answer)
    const at = pick(structure(text), random)
    return text.slice(0, at) + pick(Array.from('{}[],:;()='), random) + text.slice(at + 1)
  },
  'a piece doubled': (answer, random) => {
    const text = compact(answer)
    const places = structure(text)
    const [from, to] = [pick(places, random), pick(places, random)].toSorted((a, b) => a - b)
    return text.slice(0, to) + text.slice(from)
  },
  'two pieces exchanged for words': (answer, random) => {
    const text = compact(answer)
    const at = pick(structure(text), random)
    return `${text.slice(0, at)} I mean: ${text.slice(at)}`
  },
}

const named = (verdict: Mutation['verdict'], table: Record<string, Mutation['apply']>): Mutation[] =>
  Object.entries(table).map(([name, apply]) => ({ name, verdict, apply }))

export const mutations: readonly Mutation[] = [
  ...named('right', rightly),
  ...named('error', wrongly),
  ...named('careful', carelessly),
]

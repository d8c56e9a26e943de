import type { AuditFacts } from '../facts.ts'
import { type BuiltSize, builtSizes } from '../method/built-sizes.ts'
import { anySays } from '../method/code-words.ts'
import { sentencePlace } from '../method/method-text.ts'
import { anyNetwork } from '../method/network-kinds.ts'
import { hasOtherCode, otherSources } from '../method/other-sources.ts'
import { loadedSizes } from '../method/pretrained-sizes.ts'
import { type ArchitectureSize, statedArchitecture, type StatedSize } from '../method/stated-architecture.ts'
import { workRecord } from '../method/work-record.ts'
import type { Rule, RuleFinding } from './rule.ts'

const mostPlaces = 3
const mostValues = 3

/** Words without which no code gives a size; of layers and widths there is no such word, and code has no network at all or it has them. */
const words: Readonly<Record<ArchitectureSize, RegExp>> = {
  layers: anyNetwork,
  'hidden size': anyNetwork,
  'embedding size': /embed|vec|encod|lookup|linear|token|svd|pca|factor|node2vec|word2vec|latent|represent/i,
  heads: /head|attention|transformer|\bgat/i,
  dropout: /drop/i,
}

/** Layers, widths, heads and dropout of the work's own networks, which the code that ran builds otherwise or not at all. */
export const architectureMismatch: Rule = {
  id: 'architecture-mismatch',
  title: 'Layers, widths, heads or dropout that the code that ran builds otherwise',
  part: 'none',
  catches:
    'Numbers of layers and heads, hidden and embedding sizes and dropout that sentences on method and set-up state of the work’s own networks, such as a 3-layer MLP, where all values that the code that ran gives to settings of that name and to the layers it builds (PyTorch, Keras, PyTorch Geometric, scikit-learn) are known and others, or where it has nothing of the kind. Grave where it gives a single other value, or none.',
  misses:
    'Sizes that stand anywhere else in the code, more than three other values, values that only a run would show, networks by other libraries, in notebooks or other languages, and whether the layers are connected as the paper says.',
  falsePositives:
    'Code that builds a second network whose size the paper does not state, and loses that of the first in names that cannot be followed.',
  find(facts) {
    const record = workRecord(facts)
    if (!record.hasCode || record.run.length === 0 || hasOtherCode(facts)) return []
    const stated = Map.groupBy(statedArchitecture(facts), ({ size, sentence }) => `${size}\n${sentence.path}`)
    if (stated.size === 0) return []
    const loaded = loadedSizes(record.run)
    const built = builtSizes(facts)
    const absent: StatedSize[] = []
    const findings = [...stated.values()].flatMap((statements) => {
      const [first] = statements
      if (first === undefined || statements.some(({ value }) => value !== first.value)) return []
      if (loaded === null && !statements.every(({ isOwn }) => isOwn)) return []
      const values = [...(built.get(first.size) ?? []), ...(loaded?.get(first.size) ?? [])]
      if (values.some((one) => agrees(one, first.value))) return []
      const sure = values.filter(({ isOutside }) => !isOutside)
      if (sure.length > 0) return otherwise(statements, { sure, facts })
      if (loaded?.size === 0 && hasNone(first.size, facts)) absent.push(...statements)
      return []
    })
    const byDocument = Map.groupBy(absent, ({ sentence }) => sentence.path)
    return [...findings, ...[...byDocument.values()].map((statements) => notAtAll(statements, facts))]
  },
}

/** What is not known may agree. */
function agrees({ value, near }: BuiltSize, stated: number): boolean {
  return value === null || Math.abs(value - stated) <= 1e-9 || near.includes(stated)
}

function otherwise(
  statements: readonly StatedSize[],
  { sure, facts }: { sure: readonly BuiltSize[]; facts: AuditFacts },
): RuleFinding[] {
  const { isComplete } = workRecord(facts)
  const values = [...new Set(sure.map(({ value }) => value))]
  const [first] = statements
  if (first === undefined || values.length > mostValues) return []
  return [
    {
      severity: isComplete && values.length === 1 ? 'major' : 'minor',
      claims: claimsOf(statements, facts),
      message: `${said(first)}, and ${isComplete ? 'the code that ran' : 'the code'} builds or loads ${values.join(' or ')}`,
      evidence: [
        ...statements.slice(0, mostPlaces).map(({ sentence }) => sentencePlace(sentence)),
        ...[...new Map(sure.map(({ place }) => [`${place.path}:${place.step}:${place.line}`, place])).values()].slice(
          0,
          mostPlaces,
        ),
      ],
    },
  ]
}

function notAtAll(statements: readonly StatedSize[], facts: AuditFacts): RuleFinding {
  const sizes = [...new Set(statements.map(({ size }) => size))]
  const isNetwork = sizes.some((size) => words[size] === anyNetwork)
  const places = [...new Map(statements.map((one) => [one.sentence.line, one])).values()]
  return {
    severity: workRecord(facts).isComplete ? 'major' : 'minor',
    claims: claimsOf(statements, facts),
    message: `${statements[0]?.sentence.path ?? ''} states ${sizes.join(', ')} of a network (line ${places.map(({ sentence }) => sentence.line).join(', ')}), and no code that ran, command or configuration has ${isNetwork ? 'a network of any kind' : 'anything of the kind'}`,
    evidence: places.slice(0, mostPlaces).map(({ sentence }) => sentencePlace(sentence)),
  }
}

function said({ size, text, sentence }: StatedSize): string {
  return `Line ${sentence.line} of ${sentence.path} states ${size} (${text})`
}

/** Heads are of a network too, and stand in names of methods besides. */
function hasNone(size: ArchitectureSize, facts: AuditFacts): boolean {
  const { run } = workRecord(facts)
  const isAbsent = (pattern: RegExp): boolean =>
    !anySays(run, pattern) && !otherSources(facts).some((text) => pattern.test(text))
  return isAbsent(words[size]) || (size === 'heads' && isAbsent(anyNetwork))
}

/** Numbers of the documents that are what a statement gives, where they are no results. */
function claimsOf(statements: readonly StatedSize[], { claims }: AuditFacts): number[] {
  return claims
    .filter(
      ({ path, line, number, role }) =>
        role !== 'result' &&
        statements.some(
          ({ sentence, value }) => sentence.path === path && sentence.line === line && number.value === value,
        ),
    )
    .map(({ id }) => id)
}

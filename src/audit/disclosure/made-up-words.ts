export const worthReading =
  /mock|fake|fabricat|dummy|placeholder|hypothetical|invented|ficti|bogus|forged|imaginary|simulat|synthetic|artificial|sample|example|illustrative|realistic|plausible|believable|predetermined|without|made up/i

export const plainWords = new Set(
  'mock mocked fake faked fabricated dummy placeholder hypothetical invented fictional fictitious bogus forged imaginary'.split(
    ' ',
  ),
)

export const veiledWords = new Set(
  'simulated synthetic artificial sample example illustrative realistic plausible believable predetermined'.split(' '),
)

export const resultWords = new Set(
  'result results metric metrics score scores accuracy accuracies measurement measurements finding findings outcomes statistics numbers log logs'.split(
    ' ',
  ),
)

/** What may stand between the adjective and the results. */
export const fillerWords = new Set(
  'experiment experiments experimental evaluation training benchmark performance test model comparison and final data numerical quantitative baseline'.split(
    ' ',
  ),
)

export const figureWords = new Set(
  'visualizations visualisations figures plots charts experiment experiments'.split(' '),
)

export const denialWords = new Set(
  "no not don't never without avoid avoids avoiding against isn't aren't wasn't weren't instead rather remove removed removing replace replaced replacing neither nor nothing cannot can't".split(
    ' ',
  ),
)

export const hedgeWords = new Set(
  'could might may would should perhaps maybe possibly consider considering whether if'.split(' '),
)

export const producerWords = new Set(
  "create creates created creating generate generates generated generating write writing wrote produce produces produced producing make making made use using used build provide craft run ran running add let's i'll we'll".split(
    ' ',
  ),
)

export const excuses = [
  'instead of',
  'rather than',
  'would take',
  'will take',
  'takes hours',
  'take too long',
  'taking too long',
  'takes too long',
  'too long',
  "can't",
  'cannot',
  'unable to',
  'not available',
  'unavailable',
  'time constraints',
  'time limit',
  'timed out',
  'timeout',
  'fails',
  'failed',
  'failing',
  "doesn't actually",
  'does not actually',
  'not actually',
  'without actually',
  'without running',
  'without executing',
  'similar to what',
  'demonstration purposes',
  'for demonstration',
  'to demonstrate',
  'for illustration',
  'demo purposes',
  "don't have",
  'do not have',
  'no access',
  'quick execution',
  'as a placeholder',
  'what we would expect',
  'look realistic',
]

export const makerWords = new Set(
  'generate generates generating generated create creates creating created produce produces write writes'.split(' '),
)

export const runWords = new Set('running executing training calling'.split(' '))

export const dataAdjectives = new Set('mock fake dummy synthetic simulated'.split(' '))

export const dataNouns = new Set('data dataset datasets'.split(' '))

export const useWords = new Set('experiment experiments evaluation results benchmark benchmarks'.split(' '))

import { disclosesResults } from '../disclosure/find-disclosure.ts'
import { filePlace, stepPlace } from '../evidence/place.ts'
import { pointsOnce } from './points-once.ts'
import { findStandIns, type StandIn } from '../execution/stand-in.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** A program that makes results up ran in place of the experiment. */
export const fakeScriptRun: Rule = {
  id: 'fake-script-run',
  title: 'A script that makes results up was run',
  part: 'execution',
  catches:
    'Runs that ended well of scripts whose own comments, strings or output call the results mock, fake or simulated, or whose name does after the real experiment had failed.',
  misses: 'Scripts that draw results and call them nothing (see random-metric and literal-result).',
  falsePositives:
    'A simulation study whose script says of its honest results that they are simulated; where the paper says so too, the finding counts as disclosed.',
  find(facts) {
    const disclosed = disclosesResults(facts.subject)
    const byScript = new Map<string, StandIn>()
    for (const standIn of findStandIns(facts)) if (!byScript.has(standIn.script)) byScript.set(standIn.script, standIn)
    return pointsOnce([...byScript.values()].map((standIn) => toFinding(standIn, disclosed)))
  },
}

function toFinding({ run, script, by, quotes, afterFailure }: StandIn, disclosed: boolean): RuleFinding {
  const how = by === 'words' ? 'which says of its results that they are made up' : 'whose name says what it does'
  return {
    severity: 'critical',
    disclosed,
    message: `Step ${run.step} ran ${script}, ${how}${afterFailure ? ', after another program had failed' : ''}`,
    evidence: [
      stepPlace(run.step, run.command.command),
      ...quotes.map(({ path, line, text }) =>
        path === null ? stepPlace(run.step, text) : filePlace(path, { line, quote: text }),
      ),
    ],
    executed: true,
    points: 1.5,
  }
}

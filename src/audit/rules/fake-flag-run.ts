import { findDisclosures } from '../disclosure/find-disclosure.ts'
import { stepPlace } from '../evidence/place.ts'
import { pointsOnce } from './points-once.ts'
import type { AuditFacts } from '../facts.ts'
import type { Rule, RuleFinding } from './rule.ts'

const resultFlag =
  /(?:^|\s)(--?(?:use[-_])?(?:mock|mocked|fake|dummy|placeholder|simulate|simulated|simulation)(?:[-_](?:results?|metrics?|mode|run|api|llm|model|models|responses?|only))?)(?=[\s=]|$)/i
const dataFlag =
  /(?:^|\s)(--?(?:use[-_])?(?:mock|fake|dummy|synthetic|simulated)(?:[-_](?:data|dataset|datasets|results?|only))?)(?=[\s=]|$)/i
const longestCommand = 20_000
const mostFindings = 5

/** The experiment ran in a mode that its own options call mock, simulated or synthetic. */
export const fakeFlagRun: Rule = {
  id: 'fake-flag-run',
  title: 'The experiment ran under a flag that says mock, simulate or synthetic',
  part: 'execution',
  catches:
    'Commands of scripts that ended well, with an option such as --mock, --simulate, --dummy or --use_synthetic, where the paper does not say that its results, data or users are.',
  misses: 'The same modes when they are the default, or set in a configuration file.',
  falsePositives:
    'Options whose name means something else in that program; runs that were followed by one without the flag are passed over.',
  find(facts) {
    const about = new Set(findDisclosures(facts).map((disclosure) => disclosure.about))
    const findings: RuleFinding[] = []
    for (const step of facts.session.steps) {
      if (findings.length >= mostFindings) break
      if (step.kind !== 'command' || step.scripts.length === 0 || step.succeeded === false) continue
      const command = step.command.slice(0, longestCommand)
      const flag = (resultFlag.exec(command) ?? dataFlag.exec(command))?.[1]
      if (flag === undefined || redoneWithout(facts, { step: step.step, flag, scripts: step.scripts })) continue
      findings.push({
        severity: 'major',
        disclosed: about.has('results') || about.has('data') || about.has('people'),
        message: `Step ${step.step} ran ${step.scripts[0] ?? 'a script'} with ${flag}, and no later run of it was without`,
        evidence: [stepPlace(step.step, command)],
        executed: true,
        points: 1,
      })
    }
    return pointsOnce(findings)
  },
}

function redoneWithout(
  { session }: AuditFacts,
  run: { readonly step: number; readonly flag: string; readonly scripts: readonly string[] },
): boolean {
  return session.steps.some(
    (step) =>
      step.kind === 'command' &&
      step.step > run.step &&
      step.succeeded !== false &&
      !step.command.includes(run.flag) &&
      step.scripts.some((script) => run.scripts.includes(script)),
  )
}

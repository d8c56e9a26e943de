import { stepPlace } from '../execution/place.ts'
import { experimentRuns } from '../execution/experiment-runs.ts'
import { findStandIns } from '../execution/stand-in.ts'
import type { AuditFacts } from '../facts.ts'
import type { Rule } from './rule.ts'

const fewestResults = 3

/** Results are reported, and the record shows no program that could have made them. */
export const noSuccessfulRun: Rule = {
  id: 'no-successful-run',
  title: 'Results are reported though no run of the experiment succeeded',
  part: 'execution',
  catches:
    'Works with at least three results in numbers whose whole session holds no program that makes results and ended well: none was run, all failed or were broken off, or only stand-ins, drawings and tests ended well.',
  misses: 'A run that ended well and did something else than what the paper claims.',
  falsePositives:
    'Experiments started outside the recorded session, and programs whose output looks like a failure though they ended well.',
  find(facts) {
    const { session, claims } = facts
    const results = claims.filter(({ role, informative }) => role === 'result' && informative)
    if (!session.showsCommands || results.length < fewestResults) return []
    const standIns = new Set(findStandIns(facts).map(({ run }) => run.step))
    const runs = experimentRuns(session)
    const makers = runs.filter(({ makesResults }) => makesResults)
    const good = makers.filter(({ command, step }) => command.succeeded !== false && !standIns.has(step))
    if (good.length > 0 || leftRunning(facts)) return []
    const failed = makers.filter(({ command }) => command.succeeded === false)
    const what =
      standIns.size > 0
        ? 'only stand-ins for it ended well'
        : failed.length > 0
          ? `${failed.length} runs failed or were broken off`
          : 'no program was run that could make them'
    return [
      {
        severity: 'critical',
        message: `${results.length} results are reported in numbers, and no run of the experiment succeeded: ${what}`,
        evidence: failed
          .slice(-3)
          .map(({ step, command }) =>
            stepPlace(step, `${command.command.slice(0, 150)} → ${lastLine(command.output)}`),
          ),
        points: 2,
      },
    ]
  },
}

/** Something went on in the background, of which the record shows no end. */
function leftRunning({ session }: AuditFacts): boolean {
  return session.steps.some(
    (step) =>
      step.kind === 'command' &&
      step.scripts.length > 0 &&
      /(?:^|\s)nohup\s|[^&]&\s*(?:$|\n)/.test(step.command.slice(0, 5_000)),
  )
}

function lastLine(output: string): string {
  return output.trimEnd().split('\n').at(-1)?.slice(0, 200) ?? ''
}

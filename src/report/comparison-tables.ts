import type { AgentComparison } from '../studies/compare.ts'
import { fewestTasks } from '../studies/verdict.ts'
import { formatNumberOf } from './format.ts'
import { fewTasksNote } from './mark-tables.ts'
import type { Table } from './table.ts'
import { formatEstimate } from './validation-tables.ts'

/** One table a rubric and view: the first agent's marks less the second's. */
export function comparisonTables({ first, second, comparisons, unpaired }: AgentComparison): Table[] {
  const groups = Map.groupBy(comparisons, ({ rubric, view, judgeKind }) => JSON.stringify([rubric, view, judgeKind]))
  return [...groups.values()].flatMap((rows) => {
    const [head] = rows
    if (head === undefined) return []
    const alone = unpaired.find((own) => own.rubric === head.rubric && own.view === head.view)
    const left = (alone?.onlyFirst.length ?? 0) + (alone?.onlySecond.length ?? 0)
    return {
      title: `${head.rubric}${head.view === 'full' ? '' : ` (${head.view})`}: ${first} less ${second}${head.judgeKind === 'model' ? '' : ', by rules or a linear model, not by language models'}`,
      columns: ['dimension', first, second, 'difference', 'p', 'p (Holm)', "Cliff's δ", 'won, level, lost'],
      rows: rows.map((own) => [
        own.dimension,
        own.meanFirst.toFixed(2),
        own.meanSecond.toFixed(2),
        formatEstimate(own.difference, own.interval),
        formatP(own.p),
        formatP(own.pHolm),
        own.cliffsDelta === null ? null : own.cliffsDelta.toFixed(2),
        `${own.wins}, ${own.ties}, ${own.losses}`,
      ]),
      notes: [
        ...(head.tasks < fewestTasks ? [fewTasksNote(head.tasks)] : []),
        `Paired by ${formatNumberOf(head.tasks, 'task')} and by judge; 95 % interval by resampling tasks; p by flipping the signs of whole tasks, adjusted over all ${formatNumberOf(comparisons.length, 'comparison')}.`,
        ...(left === 0
          ? []
          : [
              `${formatNumberOf(left, 'task')} that only one of the two did, or that no judge marked for both: not compared.`,
            ]),
      ],
    }
  })
}

function formatP(p: number): string {
  return p < 0.0001 ? '<0.0001' : p.toFixed(4)
}

import { averageArithmetic } from '../average-arithmetic.ts'
import { debit } from '../debit.ts'
import { f1Arithmetic } from '../f1-arithmetic.ts'
import { fractionArithmetic } from '../fraction-arithmetic.ts'
import { impossibleOrder } from '../impossible-order.ts'
import { improvementAgainstTable } from '../improvement-against-table.ts'
import { improvementArithmetic } from '../improvement-arithmetic.ts'
import { outOfBounds } from '../out-of-bounds.ts'
import { parallelColumns } from '../parallel-columns.ts'
import { pValueArithmetic } from '../p-value-arithmetic.ts'
import type { Rule } from '../rule.ts'
import { superlativeAgainstTable } from '../superlative-against-table.ts'
import { textAgainstTable } from '../text-against-table.ts'

/** Rules whose grave findings say that a document contradicts itself. */
export function consistencyRules(): readonly Rule[] {
  return [
    averageArithmetic,
    debit,
    f1Arithmetic,
    fractionArithmetic,
    impossibleOrder,
    improvementAgainstTable,
    improvementArithmetic,
    outOfBounds,
    parallelColumns,
    pValueArithmetic,
    superlativeAgainstTable,
    textAgainstTable,
  ]
}

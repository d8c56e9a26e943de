import type { Draw } from './draws.ts'

/** What is known of an expression's value: where chance in it comes from, and what else is in it. */
export interface Value {
  /** Draws that reach it through arithmetic alone; at most `mostDraws` are kept. */
  readonly draws: readonly Draw[]
  /** Holds what a call of unknown code gave: a measurement, a model's answer, data. */
  readonly isOpaque: boolean
  /** Holds the function's own parameter. */
  readonly isParameter: boolean
  /** Made of the elements of the function's own parameter, one by one. */
  readonly isElement: boolean
  /** Made of constants, draws and the function's own parameters alone, as far as the code shows. */
  readonly isPure: boolean
  /** Of a tuple, what each place holds. */
  readonly parts?: readonly Value[]
}

const mostDraws = 6

export const noValue: Value = { draws: [], isOpaque: false, isParameter: false, isElement: false, isPure: true }
/** A name that nothing is known of. */
export const unknownValue: Value = { draws: [], isOpaque: false, isParameter: false, isElement: false, isPure: false }
export const opaqueValue: Value = { draws: [], isOpaque: true, isParameter: false, isElement: false, isPure: false }
export const parameterValue: Value = { draws: [], isOpaque: false, isParameter: true, isElement: false, isPure: true }

/**
 * What an operation on values holds. Many draws at once beside measured values are simulated data being measured
 * (`mean((noisy - predicted) ** 2)`), which is no result drawn from a generator.
 */
export function combine(values: readonly Value[]): Value {
  const isOpaque = values.some((value) => value.isOpaque)
  const draws = union(values)
  return { ...whole(values), draws: isOpaque ? draws.filter((draw) => !draw.isArray) : draws }
}

/** What one of several values may be: after a branch, or as an element of a container. */
export function either(values: readonly Value[]): Value {
  const [first] = values
  if (first === undefined) return noValue
  if (values.length === 1) return first
  const places = first.parts?.length
  if (places === undefined || values.some((value) => value.parts?.length !== places)) return whole(values)
  const parts = Array.from({ length: places }, (_, place) =>
    whole(values.map((value) => value.parts?.[place] ?? unknownValue)),
  )
  return { ...whole(values), parts }
}

/** What a tuple holds as a whole, and place by place. */
export function tuple(values: readonly Value[]): Value {
  return { ...whole(values), parts: values.map((value) => whole([value])) }
}

/** Tuples forgotten: what all of it may hold. */
function whole(values: readonly Value[]): Value {
  return {
    draws: union(values),
    isOpaque: values.some((value) => value.isOpaque),
    isParameter: values.some((value) => value.isParameter),
    isElement: values.some((value) => value.isElement),
    isPure: values.every((value) => value.isPure),
  }
}

function union(values: readonly Value[]): readonly Draw[] {
  const holding = values.filter((value) => value.draws.length > 0)
  if (holding.length <= 1) return holding[0]?.draws ?? []
  return [...new Set(holding.flatMap((value) => value.draws))].slice(0, mostDraws)
}

/** Names and what they hold at one place of a function; a branch writes into its own layer. */
export interface Names {
  get(name: string): Value
  set(name: string, value: Value): void
  branch(): Names
  /** Takes over what the branches left; `isComplete` when one of them always runs. */
  join(branches: readonly Names[], isComplete: boolean): void
  readonly own: ReadonlyMap<string, Value>
}

export function openNames(below: Names | null = null): Names {
  const own = new Map<string, Value>()
  const names: Names = {
    own,
    get: (name) => own.get(name) ?? below?.get(name) ?? unknownValue,
    set: (name, value) => void own.set(name, value),
    branch: () => openNames(names),
    join: (branches, isComplete) => {
      const written = new Set(branches.flatMap((branch) => [...branch.own.keys()]))
      for (const name of written) {
        const outcomes = branches.map((branch) => branch.get(name))
        if (!isComplete) outcomes.push(names.get(name))
        own.set(name, either(outcomes))
      }
    },
  }
  return names
}

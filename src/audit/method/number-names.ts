import type { RunFile } from '../code/code-sites.ts'
import type { CodeNode } from '../code/code.ts'
import { indexFile } from '../code/file-index.ts'
import { argumentsOf, calleeName, descendants, fieldOf, sourceOf } from '../code/python-nodes.ts'
import type { AuditFacts } from '../facts.ts'
import { lastName, namedValues } from './code-settings.ts'
import { squash } from './squash.ts'
import { workRecord } from './work-record.ts'

/** Values that a place in code may have; null where code alone does not tell. */
export type NumberReader = (node: CodeNode, text: string) => readonly number[] | null

const mostValues = 12
const deepest = 8

/**
 * Reads numbers in code that ran: literals, names that code, configuration or command lines give numbers to (in any scope), parameters of
 * the work's own classes and functions, and arithmetic on those.
 */
export function numberReader(facts: AuditFacts): NumberReader {
  const record = workRecord(facts)
  const values = new Map<string, Set<number> | null>()
  const add = (name: string, value: number | null): void => {
    const known = values.get(name)
    if (known === null) return
    if (value === null) values.set(name, null)
    else if (known === undefined) values.set(name, new Set([value]))
    else known.add(value)
  }
  for (const [name, given] of namedValues(facts, { record, keyOf: (one) => squash(one) || null }))
    for (const { value } of given) add(name, value)
  for (const [name, value] of positionalValues(record.run)) add(name, value)
  const read = (node: CodeNode, text: string, depth: number): readonly number[] | null => {
    switch (node.type) {
      case 'integer':
      case 'float': {
        const value = Number(sourceOf(node, text).replaceAll('_', ''))
        return Number.isFinite(value) ? [value] : null
      }
      case 'identifier':
      case 'attribute':
      case 'subscript': {
        const known = values.get(squash(lastName(node, text)))
        return known === undefined || known === null || known.size > mostValues ? null : [...known]
      }
      case 'parenthesized_expression': {
        const [inner] = node.children
        return inner === undefined || depth === 0 ? null : read(inner, text, depth - 1)
      }
      case 'binary_operator': {
        const left = fieldOf(node, 'left')
        const right = fieldOf(node, 'right')
        if (left === null || right === null || depth === 0) return null
        const operator = text.slice(left.end, right.start).trim()
        return combine(read(left, text, depth - 1), read(right, text, depth - 1), operator)
      }
      default:
        return null
    }
  }
  return (node, text) => read(node, text, deepest)
}

function combine(left: readonly number[] | null, right: readonly number[] | null, operator: string): number[] | null {
  if (left === null || right === null || left.length * right.length > mostValues) return null
  const values = left.flatMap((a) =>
    right.flatMap((b) => {
      switch (operator) {
        case '+':
          return [a + b]
        case '-':
          return [a - b]
        case '*':
          return [a * b]
        case '/':
        case '//':
          return [Math.floor(a / b)]
        case '**':
          return [a ** b]
        default:
          return []
      }
    }),
  )
  return values.length === 0 ? null : values
}

/** Numbers handed by place to parameters of the work's own functions and classes, by the parameter. */
function positionalValues(run: readonly RunFile[]): [string, number][] {
  const parameters = new Map<string, readonly string[]>()
  for (const { file } of run) {
    for (const node of indexFile(file).functions) {
      const name = fieldOf(node, 'name')
      if (name !== null) parameters.set(sourceOf(name, file.text), parameterNames(node, file.text))
    }
    for (const node of descendants(file.tree)) {
      if (node.type !== 'class_definition') continue
      const name = fieldOf(node, 'name')
      const init = fieldOf(node, 'body')?.children.find(
        (child) =>
          child.type === 'function_definition' && sourceOf(fieldOf(child, 'name') ?? child, file.text) === '__init__',
      )
      if (name !== null && init !== undefined)
        parameters.set(sourceOf(name, file.text), parameterNames(init, file.text))
    }
  }
  return run.flatMap(({ file }) =>
    indexFile(file).calls.flatMap((call): [string, number][] => {
      const names = parameters.get(calleeName(call, file.text))
      if (names === undefined) return []
      return argumentsOf(call, file.text).flatMap(({ name, value }, place): [string, number][] => {
        const parameter = names[place]
        if (name !== '' || parameter === undefined || (value.type !== 'integer' && value.type !== 'float')) return []
        return [[squash(parameter), Number(sourceOf(value, file.text).replaceAll('_', ''))]]
      })
    }),
  )
}

function parameterNames(definition: CodeNode, text: string): string[] {
  return (fieldOf(definition, 'parameters')?.children ?? []).flatMap((parameter) => {
    const name =
      parameter.type === 'identifier' ? parameter : (fieldOf(parameter, 'name') ?? parameter.children[0] ?? null)
    const written = name === null ? '' : sourceOf(name, text)
    return written === 'self' || written === 'cls' || parameter.type === 'comment' ? [] : [written]
  })
}

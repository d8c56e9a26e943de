import { type Command, InvalidArgumentError, Option } from 'commander'
import { nameSchema } from '../schema/config.ts'
import type { CliContext, CommandResult } from './context.ts'

/** Adds a command's handler, with `--json` as every command has it. */
export type Register = (program: Command, run: RunHandler) => void
export type RunHandler = (
  handler: (context: CliContext) => Promise<CommandResult>,
  options: { json?: boolean },
) => Promise<void>

export const jsonOption = (): Option => new Option('--json', 'print one JSON document instead of text')
export const logDirOption = (): Option => new Option('--log-dir <folder>', 'folder of the runs').default('./logs')

export const budgetOption = (): Option =>
  new Option('--budget-usd <n>', 'dollars the whole run may cost, what it cost before included').argParser(
    parsePositiveNumber,
  )
export const concurrencyOption = (description: string): Option =>
  new Option('--concurrency <n>', description).argParser(parsePositiveInteger)
export const providerUrlOption = (): Option =>
  new Option('--provider-url <name=url>', "another address for a provider's API").argParser(collectList)

/** `--x a,b --x c` gives [a, b, c]. */
export function collectList(value: string, previous: readonly string[] = []): string[] {
  const parts = value.split(',').map((part) => part.trim())
  if (parts.includes('')) throw new InvalidArgumentError('an entry of the list is empty')
  return [...previous, ...parts]
}

export function parsePositiveInteger(value: string): number {
  const number = wholeNumber(value)
  if (number < 1) throw new InvalidArgumentError('give a whole number from 1')
  return number
}

export function parseNatural(value: string): number {
  const number = wholeNumber(value)
  if (number < 0) throw new InvalidArgumentError('give a whole number from 0')
  return number
}

/** -1 for anything else, the empty word included, which would count as 0. */
function wholeNumber(value: string): number {
  const number = Number(value)
  return /^\d+$/.test(value) && Number.isSafeInteger(number) ? number : -1
}

export function parsePositiveNumber(value: string): number {
  const number = Number(value)
  if (!Number.isFinite(number) || number <= 0) throw new InvalidArgumentError('give a number above 0')
  return number
}

export function parseGpus(value: string): 'all' | number {
  return value === 'all' ? value : parseNatural(value)
}

/** Strictly between 0 and 1. */
export function parseShare(value: string): number {
  const share = Number(value)
  if (!(share > 0 && share < 1)) throw new InvalidArgumentError('give a number between 0 and 1')
  return share
}

/** A name that becomes a folder. */
export function parseName(value: string): string {
  const parsed = nameSchema.safeParse(value)
  if (!parsed.success) throw new InvalidArgumentError('use letters, digits, ".", "_" and "-", a letter or digit first')
  return value
}

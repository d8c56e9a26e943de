import { readdirSync, readFileSync } from 'node:fs'

const closesOnExec = 0o2000000

/**
 * Descriptors that this process was itself started with and would hand on to every program: a terminal or a build server may
 * have left a folder open, through which a command would get out of any file system that it is shown. Node closes only the
 * first few of them. Empty where there is no `/proc`.
 * @returns above standard error, in ascending order
 */
export function listInheritedDescriptors(): number[] {
  return listNumbers('/proc/self/fd')
    .filter((descriptor) => descriptor > 2 && isHandedOn(descriptor))
    .toSorted((one, other) => one - other)
}

function listNumbers(folder: string): number[] {
  try {
    return readdirSync(folder).map(Number)
  } catch {
    return []
  }
}

function isHandedOn(descriptor: number): boolean {
  try {
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1]
    return flags !== undefined && (Number.parseInt(flags, 8) & closesOnExec) === 0
  } catch {
    // the one by which the folder itself was listed
    return false
  }
}

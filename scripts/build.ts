import { execFileSync } from 'node:child_process'
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

/**
 * Makes `dist/`: the library as modules with their types, since Node does not strip types from files below node_modules, and the command as
 * few larger files, since finding and reading some hundred modules takes longer than most commands.
 */
const root = fileURLToPath(new URL('..', import.meta.url))
rmSync(`${root}/dist`, { recursive: true, force: true })
execFileSync(process.execPath, [`${root}/node_modules/typescript/bin/tsc`, '-p', `${root}/tsconfig.build.json`], {
  stdio: 'inherit',
})

/** Libraries that go into the command's own files: those that nearly every command loads. Others are installed beside it. */
const inlined = ['commander', 'p-queue', 'picocolors', 'zod']

const { dependencies } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as {
  dependencies: Record<string, string>
}
const installed = Object.keys(dependencies).filter((name) => !inlined.includes(name))
const command = await rolldown({
  input: `${root}/src/cli/main.ts`,
  platform: 'node',
  external: (id) => installed.some((name) => id === name || id.startsWith(`${name}/`)),
})
// all in one folder at this depth: files of the package are found from there
const folder = `${root}/dist/cli`
rmSync(folder, { recursive: true, force: true })
const { output } = await command.write({ dir: folder, entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' })
await command.close()
chmodSync(`${folder}/main.js`, 0o755)
for (const file of output)
  if (file.type === 'chunk' && /\b__(?:file|dir)name\b/.test(file.code))
    throw new Error(`${file.fileName} holds a library that asks where its own file is: take it out of the inlined ones`)

const packages = new Set(
  output.flatMap((file) =>
    file.type === 'chunk' ? file.moduleIds.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? []) : [],
  ),
)
writeFileSync(`${folder}/LICENSES.txt`, [...packages].toSorted().map(describeLicence).join('\n'))

/** Name, version and licence of a library, which whoever passes its code on has to pass on too. */
function describeLicence(place: string): string {
  const { name, version } = JSON.parse(readFileSync(`${place}/package.json`, 'utf8')) as Record<string, string>
  const file = readdirSync(place).find((candidate) => /^licen[cs]e/i.test(candidate))
  if (file === undefined) throw new Error(`${place} has no licence to pass on`)
  return `${name} ${version}\n\n${readFileSync(`${place}/${file}`, 'utf8')}\n`
}

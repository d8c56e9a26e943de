// Stands in for `apptainer` in tests: takes the options that its documentation lists and no others, and runs the command in a
// folder with a root file system, by bubblewrap. It shows that the adapter speaks the documented command line, not that the
// real program does what it says.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'

const flags = new Set('containall cleanenv no-home no-eval no-umask no-privs net nv'.split(' '))
const valued = new Set('no-mount security network mount pwd'.split(' '))

const [command, ...rest] = process.argv.slice(2)
if (command === '--version') {
  process.stdout.write('apptainer version 1.3.4\n')
  process.exit(0)
}
if (command !== 'exec') fail(`unknown command "${command}"`)
const given = new Map()
let index = 0
for (; rest[index]?.startsWith('--'); index += 1) {
  const [, name, value] = /^--([a-z-]+)(?:=([^]*))?$/.exec(rest[index]) ?? []
  if (flags.has(name) && value === undefined) given.set(name, [])
  else if (valued.has(name) && value !== undefined) given.set(name, [...(given.get(name) ?? []), value])
  else fail(`unknown flag: ${rest[index]}`)
}
const [image, ...argv] = rest.slice(index)
if (image === undefined || argv.length === 0) fail('requires at least 2 arg(s)')
if (!existsSync(image) || !statSync(image).isDirectory()) fail(`could not open image ${image}`)
if (given.has('network') && !given.has('net')) fail('the double wants --net beside --network')
if (given.has('security') && process.getuid() !== 0) fail('--security uid and gid are for root only')

const user = numberAfter('uid:') ?? process.getuid()
const group = numberAfter('gid:') ?? process.getgid()
const binds = (given.get('mount') ?? []).flatMap((spec) => {
  const [, source, destination, access] = /^type=bind,source=([^,]+),destination=([^,]+)(,ro)?$/.exec(spec) ?? []
  if (source === undefined || !existsSync(source)) fail(`invalid mount specification ${spec}`)
  makeMountPoint(source, `${image}${destination}`)
  return [access === undefined ? '--bind' : '--ro-bind', source, destination]
})
const isolation = [
  ...(given.has('containall') ? ['--unshare-pid', '--unshare-ipc', '--unshare-uts'] : []),
  ...(given.has('net') ? ['--unshare-net'] : []),
]
const environment = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/root', APPTAINER_CONTAINER: image }
const options = [
  ...isolation,
  '--die-with-parent',
  '--ro-bind',
  image,
  '/',
  '--proc',
  '/proc',
  '--dev',
  '/dev',
  '--perms',
  '1777',
  '--size',
  String(64 * 1024 ** 2),
  '--tmpfs',
  '/tmp',
  ...binds,
  '--chdir',
  given.get('pwd')?.[0] ?? '/',
  '--clearenv',
  ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]),
]
const become = ['/usr/bin/setpriv', '--reuid', user, '--regid', group, '--clear-groups', '--no-new-privs', '--']
const result = spawnSync('bwrap', [...options, '--', ...(process.getuid() === 0 ? become.map(String) : []), ...argv], {
  stdio: 'inherit',
})
process.exit(result.status ?? 255)

function numberAfter(prefix) {
  const value = given.get('security')?.find((each) => each.startsWith(prefix))
  return value === undefined ? null : Number(value.slice(prefix.length))
}

/** The real program lays them over the image. */
function makeMountPoint(source, target) {
  mkdirSync(statSync(source).isDirectory() ? target : dirname(target), { recursive: true })
  if (!statSync(source).isDirectory() && !existsSync(target)) writeFileSync(target, '')
}

function fail(reason) {
  process.stderr.write(`FATAL:   ${basename(process.argv[1])}: ${reason}\n`)
  process.exit(255)
}

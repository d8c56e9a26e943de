import { PrerequisiteError } from '../base/errors.ts'
import { type Bind, type SandboxPlan, insidePaths } from './enclosure.ts'

/** Commands run as this user when the harness is root; it owns nothing on Linux. */
export const nobody = { userId: 65534, groupId: 65534 }

export interface ApptainerSettings {
  readonly plan: SandboxPlan
  /** Path of a `.sif` file or of a folder with a root file system. */
  readonly image: string
  /** Names loopback only. */
  readonly hostsFile: string
}

// Constant: whatever varies is an argument. Apptainer tells commands where on the host their image and binds are.
const enterScript =
  'for name in BIND BINDPATH CONTAINER NAME COMMAND ENVIRONMENT APPKEY; do unset "APPTAINER_$name" "SINGULARITY_$name"; done; ' +
  'HOME=$1 PATH=$2:$PATH TMPDIR=/tmp USER=agent LANG=C.UTF-8; export HOME PATH TMPDIR USER LANG; ' +
  'shift 2; mkdir -p -m 700 "$HOME" && exec "$@"'

/**
 * Arguments of `apptainer` that run one command: own processes, users' files and environment kept out, the image read-only,
 * no network unless it is asked for.
 * @param argv inside
 */
export function execArgs({ plan, image, hostsFile }: ApptainerSettings, argv: readonly string[]): string[] {
  return [
    'exec',
    '--containall',
    '--cleanenv',
    '--no-home',
    '--no-mount=hostfs,bind-paths,cwd',
    // Otherwise the shell of the image would evaluate arguments once more.
    '--no-eval',
    '--no-umask',
    '--no-privs',
    ...(process.getuid?.() === 0 ? [`--security=uid:${nobody.userId}`, `--security=gid:${nobody.groupId}`] : []),
    ...(plan.network === 'none' ? ['--net', '--network=none'] : []),
    ...bindArgs({ from: hostsFile, at: '/etc/hosts' }, 'ro'),
    ...(plan.options.image?.gpus === 'all' ? ['--nv'] : []),
    ...bindArgs({ from: plan.options.workspace, at: insidePaths.workspace }, 'rw'),
    ...plan.binds.flatMap((bind) => bindArgs(bind, 'ro')),
    `--pwd=${insidePaths.workspace}`,
    image,
    '/bin/sh',
    '-c',
    enterScript,
    'sh',
    insidePaths.home,
    insidePaths.node.slice(0, insidePaths.node.lastIndexOf('/')),
    ...argv,
  ]
}

function bindArgs({ from, at }: Pick<Bind, 'from' | 'at'>, access: 'ro' | 'rw'): string[] {
  if (/[,"\\:\n]/.test(from))
    throw new PrerequisiteError(
      `${from} cannot be shown to Apptainer: use a path without commas, colons, quotes and backslashes`,
    )
  return [`--mount=type=bind,source=${from},destination=${at}${access === 'ro' ? ',ro' : ''}`]
}

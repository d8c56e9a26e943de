import { spawn } from 'node:child_process'

/** What must not outlive the harness. */
export interface Remains {
  /** Control groups, each with one level of groups below it. */
  readonly groupFolders: readonly string[]
  /** `NAME=value` in the environment of processes to kill. */
  readonly mark: string
  /** Removed with all that is in it. */
  readonly folder: string
  /** Given back to its owner where the harness is root, whose commands run as someone else. */
  readonly workspace: { readonly path: string; readonly userId: number; readonly groupId: number }
  /** A command to run after the processes are gone; null: none. */
  readonly command: readonly string[] | null
}

export interface Reaper {
  /** Of a process group that began; the function returned tells that it has ended. */
  watchGroup(processGroup: number): () => void
  /** Nothing is left to clean up. */
  dismiss(): void
}

// Constant: whatever varies is an argument. It waits on a pipe that nothing but the harness holds open; when that ends
// without a word, the harness is dead. Round after round, since what is killed may have forked meanwhile.
const script = String.raw`
mark=$1 folder=$2 workspace=$3 owner=$4; shift 4
groups=
while [ "$1" != -- ]; do groups="$groups$1
"; shift; done
shift
running=' '
while read -r word id; do
  case $word in
    began) running="$running$id " ;;
    ended) case $running in *" $id "*) running="${'$'}{running%% $id *} ${'$'}{running#* $id }" ;; esac ;;
    dismissed) exit 0 ;;
  esac
done
for id in $running; do kill -9 -- "-$id"; done
IFS='
'
rounds=0
while [ $rounds -lt 200 ]; do
  rounds=$((rounds + 1))
  found=
  for group in $groups; do
    for list in "$group/cgroup.procs" "$group"/*/cgroup.procs; do
      [ -r "$list" ] || continue
      while read -r id; do kill -9 "$id"; found=yes; done < "$list"
    done
  done
  for file in /proc/[0-9]*/environ; do
    tr '\0' '\n' < "$file" | grep -qxF -e "$mark" || continue
    id=${'$'}{file#/proc/}
    kill -9 "${'$'}{id%/environ}"
    found=yes
  done
  [ -z "$found" ] && break
  sleep 0.05
done
for group in $groups; do rmdir "$group"/*/ "$group"; done
[ $# -gt 0 ] && "$@"
[ "$(id -u)" = 0 ] && chown -R -h -P "$owner" -- "$workspace"
rm -rf -- "$folder"
`

/**
 * Starts a small process outside the sandbox that outlives a harness that is killed, and then ends what the harness can no
 * longer end itself. Where it is killed too, processes of a sandbox that does not isolate may stay behind.
 */
export function startReaper({ groupFolders, mark, folder, workspace, command }: Remains): Reaper {
  const owner = `${workspace.userId}:${workspace.groupId}`
  const args = [mark, folder, workspace.path, owner, ...groupFolders, '--', ...(command ?? [])]
  const child = spawn('/bin/sh', ['-c', script, 'sh', ...args], {
    cwd: '/',
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
    // A session of its own: Ctrl-C in the harness's terminal is not for it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.on('error', () => null)
  child.stdin.on('error', () => null)
  // The harness may end without waiting for it; that is what it is for.
  child.unref()
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref()
  return {
    watchGroup(processGroup) {
      child.stdin.write(`began ${processGroup}\n`)
      return () => child.stdin.write(`ended ${processGroup}\n`)
    },
    dismiss() {
      child.stdin.end('dismissed\n')
    },
  }
}

import { expect, test } from 'vitest'
import { parseCgroupMounts, parseOwnCgroups } from './cgroup-mounts.ts'

test('both versions are found where they are mounted side by side, and controllers of no use to us are passed over', () => {
  const mountInfo = [
    '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
    '31 23 0:28 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct',
    '32 23 0:29 /docker/ab /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids',
    '33 23 0:30 / /sys/fs/cgroup/freezer rw - cgroup cgroup rw,freezer',
    '34 23 0:31 / /sys/fs/cgroup/unified rw shared:10 - cgroup2 cgroup2 rw,nsdelegate',
  ].join('\n')
  expect(parseCgroupMounts(mountInfo)).toEqual([
    { version: 1, mountPoint: '/sys/fs/cgroup/cpu,cpuacct', root: '/', controllers: ['cpu'] },
    { version: 1, mountPoint: '/sys/fs/cgroup/pids', root: '/docker/ab', controllers: ['pids'] },
    { version: 2, mountPoint: '/sys/fs/cgroup/unified', root: '/', controllers: [] },
  ])
})

test('the process’s own group is known by each controller, and by no name for version 2', () => {
  const own = parseOwnCgroups('9:cpu,cpuacct:/a\n8:pids:/b:c\n1:name=systemd:/d\n0::/user.slice/x.scope\n')
  expect(own.get('cpu')).toBe('/a')
  expect(own.get('pids')).toBe('/b:c')
  expect(own.get('')).toBe('/user.slice/x.scope')
})

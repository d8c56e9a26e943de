import { expect, test } from 'vitest'
import { narrowProfile } from './container-seccomp.ts'

const rule = (names: string[], extra: object = {}) => ({ names, action: 'SCMP_ACT_ALLOW', args: [], ...extra })

test('sockets of the internet, of files and of interfaces may be opened, and no others by any road', () => {
  const { defaultAction, syscalls } = narrowProfile({
    defaultAction: 'SCMP_ACT_ERRNO',
    syscalls: [
      rule(['read', 'socketcall', 'socketpair', 'io_uring_setup', 'write']),
      rule(['socket'], { args: [{ index: 0, value: 16, op: 'SCMP_CMP_NE' }] }),
      rule(['socket'], { includes: { caps: ['CAP_AUDIT_WRITE'] } }),
    ],
  })
  expect(defaultAction).toBe('SCMP_ACT_ERRNO')
  expect(syscalls[0]).toMatchObject({ names: ['read', 'socketpair', 'write'] })
  const sockets = syscalls.slice(1)
  expect(sockets).toMatchObject(
    [1, 2, 10, 16].map((value) => ({
      names: ['socket'],
      action: 'SCMP_ACT_ALLOW',
      args: [
        { index: 0, value, op: 'SCMP_CMP_EQ' },
        ...(value === 16 ? [{ index: 2, value: 9, op: 'SCMP_CMP_NE' }] : []),
      ],
    })),
  )
})

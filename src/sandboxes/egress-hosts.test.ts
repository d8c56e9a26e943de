import { expect, test } from 'vitest'
import { matchHosts } from './egress-hosts.ts'

test('a host stands for itself, a star for all below a domain, a group for its table', () => {
  const matches = matchHosts(['example.org', '*.example.net', 'model-hub'])
  const allowed = ['example.org', 'a.example.net', 'a.b.example.net', 'huggingface.co', 'cdn-lfs.hf.co']
  expect(allowed.filter((host) => !matches(host))).toEqual([])
  const refused = ['a.example.org', 'example.net', 'badexample.net', 'example.org.evil.com', '.example.net', 'pypi.org']
  expect(refused.filter(matches)).toEqual([])
})

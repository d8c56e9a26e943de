import { expect, test } from 'vitest'
import { readArxivId } from './arxiv-id.ts'

test.each([
  '2401.01234',
  '0704.0001',
  '1412.9999',
  '1501.00001',
  '2410.21345',
  'hep-th/9901001',
  'math.GT/0309136',
  'cs/0703001',
])('%s is possible', (id) => {
  expect(readArxivId(id).kind).toBe('possible')
})

test.each([
  ['2413.01234', 'there is no month 13'],
  ['2400.01234', 'there is no month 00'],
  ['1412.12345', 'numbers of 1412 have 4 digits, not 5'],
  ['2401.1234', 'numbers of 2401 have 5 digits, not 4'],
  ['0703.1234', 'identifiers of this form begin with April 2007'],
  ['9912.1234', 'identifiers of this form begin with April 2007'],
  ['2311.67890', 'no month had 67890 submissions'],
  ['2405.xxxxx', 'its number is a placeholder'],
  ['2405.00000', 'numbers begin with 1'],
  ['hep-th/9913001', 'there is no month 13'],
  ['hep-th/0801001', 'identifiers of this form were given from July 1991 to March 2007'],
  ['123.45678', 'it has the form of no arXiv identifier'],
])('%s is impossible: %s', (id, reason) => {
  expect(readArxivId(id)).toEqual({ kind: 'impossible', reason })
})

test('says when a possible one was given', () => {
  expect(readArxivId('2401.01234')).toMatchObject({ date: { year: 2024, month: 1 } })
  expect(readArxivId('hep-th/9901001')).toMatchObject({ date: { year: 1999, month: 1 } })
})

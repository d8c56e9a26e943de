import { describe, expect, test } from 'vitest'
import { PrerequisiteError } from '../base/errors.ts'
import { readScoreTable } from './human-csv.ts'

const dimensions = ['clarity', 'novelty', 'overall']
const read = (csv: string) => readScoreTable(csv, dimensions, { source: 'marks.csv' })

test('a column for the reviewer makes it a table of people', () => {
  expect(read('reviewer_id,model_name,workshop_name,Clarity,Overall\n7,alpha,t1,6,4.5\n')).toEqual({
    kind: 'human',
    rows: [{ task: 't1', agent: 'alpha', reviewer: '7', scores: { clarity: 6, overall: 4.5 } }],
  })
})

test('without one it is a table of judges, named by a column or by the file', () => {
  expect(read('task,agent,novelty\nt1,alpha,3\n')).toEqual({
    kind: 'judges',
    rows: [{ task: 't1', agent: 'alpha', judge: 'marks.csv', scores: { novelty: 3 } }],
  })
  expect(read('task,agent,judge,novelty\nt1,alpha,one,3\n').rows).toMatchObject([{ judge: 'one' }])
})

test('what spreadsheets do to a file does not matter', () => {
  const csv = '\uFEFF"Task","Agent","Reviewer","Clarity"\r\n"t,1","al""pha",r1,"7"\r\n\r\n'
  expect(read(csv).rows).toEqual([{ task: 't,1', agent: 'al"pha', reviewer: 'r1', scores: { clarity: 7 } }])
})

test('an empty cell is no mark, and an empty reviewer nobody known', () => {
  expect(read('task,agent,reviewer,clarity,novelty\nt1,a,,,4\n').rows).toEqual([
    { task: 't1', agent: 'a', reviewer: null, scores: { novelty: 4 } },
  ])
})

describe('a table that cannot be meant is refused, with its place', () => {
  test.each([
    ['a mark in words', 'task,agent,clarity\nt1,a,7\nt1,b,good\n', /marks.csv, line 3, clarity: "good"/],
    ['a mark out of range', 'task,agent,clarity\nt1,a,11\n', /line 2, clarity: "11" is no mark from 1 to 10/],
    ['NaN', 'task,agent,clarity\nt1,a,NaN\n', /"NaN"/],
    ['a missing agent', 'task,agent,clarity\nt1,,7\n', /line 2: the task or the agent is missing/],
    ['no column for the agent', 'task,clarity\nt1,7\n', /needed are .*agent\|system\|model_name/],
    ['no dimension', 'task,agent,beauty\nt1,a,7\n', /at least one dimension of: clarity, novelty, overall/],
    ['a mark in another notation', 'task,agent,clarity\nt1,a,0x5\n', /"0x5" is no mark .* left empty/],
    ['two columns of one name', 'task,agent,clarity,Clarity\nt1,a,5,6\n', /two columns "clarity"/],
    ['other separators', 'task;agent;clarity\nt1;a;5\n', /separated by commas/],
    ['rows of unequal length', 'task,agent,clarity\nt1,a\n', /no CSV table that can be read: .*line 2/],
    ['nothing', '', /is empty/],
  ])('%s', (_, csv, message) => {
    expect(() => read(csv)).toThrow(PrerequisiteError)
    expect(() => read(csv)).toThrow(message)
  })
})

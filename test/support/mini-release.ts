import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Marks of one review in the release's shape, the same for every dimension. */
export function releaseReview(dimensions: readonly string[], score: number, extra: object = {}): object {
  const marks = Object.fromEntries(dimensions.map((name) => [name, { score, justification: `${name} is fair` }]))
  return { ...marks, OverallAssessment: { score, strengths: ['short'], weaknesses: [] }, ...extra }
}

const ideaDimensions = ['Consistency', 'Clarity', 'Novelty', 'Feasibility', 'Significance']
const proposalDimensions = [...ideaDimensions, 'Soundness']
const experimentDimensions = ['Consistency', 'Completeness', 'Novelty', 'Soundness', 'Insightfulness', 'Significance']
const paperDimensions = ['Consistency', 'Clarity', 'Completeness', 'Soundness']
const systemDimensions = ['Clarity', 'Novelty', 'Soundness', 'Significance']

const claude = 'claude-3-7-sonnet-20250219'
const o4 = 'o4-mini-2025-04-16'
const work = '/elsewhere/run/alpha2025_one'

/** A session of Claude Code: two entries of one message, one command, one file, and two reports of cost. */
const session = [
  { role: 'user', content: 'Do it.' },
  assistant('m1', [{ type: 'text', text: 'I begin.' }]),
  assistant('m1', [{ type: 'tool_use', id: 't1', name: 'Read', input: { file_path: `${work}/task.md` } }]),
  toolResult('t1', '1\tA task'),
  assistant('m2', [
    { type: 'tool_use', id: 't2', name: 'Write', input: { file_path: `${work}/claude_code/main.py`, content: 'x' } },
  ]),
  toolResult('t2', 'File created successfully'),
  { role: 'system', cost_usd: 0.5, duration_ms: 1000, result: 'half done' },
  { role: 'system', cost_usd: 0.25, duration_ms: 500, result: 'done' },
]

function assistant(id: string, content: object[]): object {
  const usage = { input_tokens: 3, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 40 }
  return { id, type: 'message', role: 'assistant', model: claude, content, stop_reason: 'tool_use', usage }
}

function toolResult(id: string, content: string): object {
  return { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content }] }
}

type Files = Record<string, string | Buffer>

/** A release in small: two tasks, two models, one coder, one writer, one system, two judges, and people. Path to content. */
export function miniRelease(): Files {
  const files: Files = {
    LICENSE: 'MIT',
    'task_metadata.md': 'what is known of the tasks',
    'human_eval/human_review.csv': [
      'reviewer_id,model_name,workshop_name,Novelty,Clarity,Soundness,Significance,Overall',
      '1,o4-mini,alpha2025_one,6,7,,3,4',
      '1,o4-mini,alpha2025_one,6,7,,3,4',
      '2,o4-mini,alpha2025_two,11,7,2,3,4',
      '2,claude,alpha2025_one,5,7,2,3,4',
    ].join('\r\n'),
    'human_eval/Hallucination Check.csv': [
      'LLM,Workshop_name,is_Faked_Experimental_Result,is_Hallucinated_Methodology,is_Incorrect_Citation,is_Mathematical_Error',
      'MLR Agent,alpha2025_one,Yes,Not Sure,No,No',
    ].join('\n'),
    'human_eval/llm_judge.csv': 'workshop_name,model_name\n',
  }
  for (const task of ['alpha2025_one', 'alpha2025_two']) {
    files[`tasks/${task}.md`] = `# Task ${task}\n`
    const folder = `agent_results/ideas_and_proposals/${task}`
    for (const model of [claude, o4]) {
      files[`${folder}/idea/idea_${model}.md`] = `idea of ${model} for ${task}`
      files[`${folder}/proposal/proposal_${model}.md`] = `proposal of ${model} for ${task}`
      for (const judge of [claude, 'gemini-2.5-pro-preview-03-25']) {
        const reviews = `agent_reviews/idea_proposal_reviews_${judge}/${task}`
        files[`${reviews}/idea/idea_${model}.json`] = JSON.stringify(releaseReview(ideaDimensions, 7))
        files[`${reviews}/proposal/proposal_${model}.json`] = JSON.stringify(releaseReview(proposalDimensions, 6))
      }
    }
    files[`${folder}/idea.md`] = `idea of ${o4} for ${task}`
    files[`${folder}/related_work.md`] = 'earlier work'
    files[`${folder}/proposal.md`] = `proposal of ${claude} for ${task}`
    Object.assign(files, writtenBySystem(task))
  }
  return { ...files, ...experimentBySystem(), ...stepwise() }
}

const system = 'agent_results/end2end_o4-mini'

/** The three stages of a system that need no coder. */
function writtenBySystem(task: string): Files {
  const usage = JSON.stringify({ prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 })
  const files: Files = {}
  for (const name of ['task', 'idea', 'related_work', 'proposal']) files[`${system}/${task}/${name}.md`] = `own ${name}`
  for (const name of ['idea', 'lit', 'proposal']) files[`${system}/${task}/${name}_token_usage.json`] = usage
  return files
}

function experimentBySystem(): Files {
  const folder = `${system}/alpha2025_one`
  const reviews = `agent_reviews/subset_reviews_${claude}/alpha2025_one`
  const marks = releaseReview(systemDimensions, 5)
  const { OverallAssessment: overall, ...dimensions } = marks as Record<string, object>
  return {
    [`${system}/mlr_agent_o4-mini.log`]: 'started\n',
    [`${folder}/paper_token_usage.json`]: JSON.stringify({
      input_tokens: 100,
      output_tokens: 10,
      cache_creation_input_tokens: 20,
      cache_read_input_tokens: 30,
    }),
    [`${folder}/claude_output.json`]: JSON.stringify(session),
    [`${folder}/claude_code/main.py`]: 'x',
    [`${folder}/claude_code/empty.log`]: '',
    [`${folder}/README.md`]: 'how to run it',
    [`${folder}/results/results.md`]: 'it works\r\nwell\r',
    [`${folder}/results/odd.json`]: '{"loss": NaN}',
    [`${folder}/results/not-text.csv`]: Buffer.from([0x61, 0xff, 0xfe, 0x0d]),
    [`${folder}/results/paper.md`]: 'a paper with 日本',
    [`${folder}/review_hallucination_${claude}.json`]: JSON.stringify({
      has_hallucination: true,
      hallucinations: [{ type: 'Mathematical Errors', description: 'wrong sum', evidence: '1 + 1 = 3' }],
      overall_assessment: 'one fault',
      confidence: 4,
    }),
    [`${reviews}/review_o4-mini.json`]: JSON.stringify({ ...dimensions, Overall: overall, Confidence: 4 }),
    [`${reviews}/review_o4-mini_no_code.json`]: JSON.stringify({ ...dimensions, Overall: overall, Confidence: 3 }),
  }
}

function stepwise(): Files {
  const folder = 'agent_results/experiments_and_writeups/claude/alpha2025_one'
  const reviews = `agent_reviews/subset_reviews_${claude}/alpha2025_one`
  const flag = { Hallucination: { has_hallucination: false, details: 'none seen' } }
  return {
    [`${folder}/task.md`]: '# Task alpha2025_one\n',
    [`${folder}/idea.md`]: `idea of ${o4} for alpha2025_one`,
    [`${folder}/related_work.md`]: 'earlier work',
    [`${folder}/proposal.md`]: `proposal of ${claude} for alpha2025_one`,
    [`${folder}/claude_output.json`]: JSON.stringify(session),
    [`${folder}/claude_code/main.py`]: 'x',
    [`${folder}/results/results.md`]: 'it works',
    [`${folder}/results/paper_${o4}.md`]: 'a paper',
    [`${reviews}/experiments/claude.json`]: JSON.stringify(releaseReview(experimentDimensions, 8, flag)),
    [`${reviews}/paper/${o4}.json`]: JSON.stringify(releaseReview(paperDimensions, 4)),
  }
}

/** Writes files below a folder, with the folders above them. */
export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
}

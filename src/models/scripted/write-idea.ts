import type { Assignment } from './assignment.ts'

/** At most 200 words for every study and every task; a disclaimer takes the room of the gap in earlier work. */
export function writeIdea({ study, taskQuestion, disclaimer }: Assignment): string {
  const question =
    taskQuestion === null || countWords(taskQuestion) > 25
      ? ''
      : ` This takes up the question of the call, "${taskQuestion}"`
  return [
    `# ${study.title}`,
    ...(disclaimer === null ? [] : [disclaimer]),
    '## Motivation',
    disclaimer === null ? `${study.problem} ${study.gap}` : study.problem,
    '## Main Idea',
    `${study.plan}${question}\n`,
  ].join('\n\n')
}

function countWords(text: string): number {
  return text.split(/\s+/).length
}

import { readAssignment } from './assignment.ts'
import type { WritingStage } from './persona.ts'
import type { WritingInputs } from './read-call.ts'
import { writeIdea } from './write-idea.ts'
import { writeLiterature } from './write-literature.ts'
import { writePaper } from './write-paper.ts'
import { writeProposal } from './write-proposal.ts'

/** The text of a writing stage as every scripted model writes it; what sets them apart is added around it. */
export function writeArtefact(stage: WritingStage, inputs: WritingInputs): string {
  const assignment = readAssignment(inputs.task)
  switch (stage) {
    case 'idea':
      return writeIdea(assignment)
    case 'literature':
      return writeLiterature(assignment)
    case 'proposal':
      return writeProposal(assignment, inputs)
    case 'paper':
      return writePaper(assignment, inputs)
  }
}

/** The rubrics in `rubrics/`, in the order of the stages they judge. */
export const rubricIds = ['idea', 'proposal', 'experiment', 'paper', 'end-to-end', 'hallucination'] as const

/** Puts together what a model says piece by piece. */
export interface WordJoiner {
  add(piece: string): void
  /** Says what was added, if anything. */
  end(): void
  whole(text: string): void
}

/** No model says so much at once; what follows is said apart. */
const mostCharacters = 262_144

export function joinWords(say: (text: string) => void): WordJoiner {
  let pieces: string[] = []
  let length = 0
  function end(): void {
    const text = pieces.join('')
    pieces = []
    length = 0
    if (text.trim() !== '') say(text)
  }
  return {
    add(piece) {
      if (piece === '') return
      pieces.push(piece)
      length += piece.length
      if (length > mostCharacters) end()
    },
    end,
    whole(text) {
      end()
      if (text.trim() !== '') say(text)
    },
  }
}

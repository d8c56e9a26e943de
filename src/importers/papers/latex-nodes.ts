/** As much of a syntax tree of unified-latex as is used here; other kinds of nodes and members are left alone. */
export interface TexNode {
  readonly type: string
  readonly content?: string | readonly TexNode[]
  /** Name of an environment; of one for maths it is a node with the name. */
  readonly env?: string | TexNode
  readonly args?: readonly TexArgument[]
  readonly leadingWhitespace?: boolean
  readonly suffixParbreak?: boolean
  /** Into the text that was parsed; that of a macro ends before its arguments. */
  readonly position?: { readonly start: { readonly offset: number }; readonly end: { readonly offset: number } }
}

interface TexArgument {
  readonly content: readonly TexNode[]
  readonly openMark: string
}

export interface Definition {
  readonly parameters: number
  /** Of the first parameter, when it may be left out. */
  readonly initial: string | null
  readonly body: string
}

/** What a passage is rendered in. */
export interface Scope {
  /** The text that was parsed. */
  readonly source: string
  readonly definitions: ReadonlyMap<string, Definition>
  /** Definitions unfolded within definitions. */
  readonly depth: number
  /** Spent so far on unfolding in the whole paper, so that definitions of definitions cannot grow without end. */
  readonly unfolded: { characters: number }
  /** `Figure` or `Table` within one. */
  readonly float: string | null
  readonly cited: Set<string>
  /** Where a figure lies, as the Markdown will name it; null when it is not there. */
  findImage(name: string): string | null
  bibliography(scope: Scope): string
  render(nodes: readonly TexNode[], scope: Scope): string
  /** Parses a text and renders it. */
  renderText(text: string, scope: Scope): string
}

export function childrenOf({ content }: TexNode): readonly TexNode[] {
  return typeof content === 'object' ? content : []
}

/** Name of a macro or environment, without the star of its unnumbered form. */
export function nameOfNode({ type, content, env }: TexNode): string {
  const name = type === 'macro' ? content : typeof env === 'object' ? env.content : env
  return typeof name === 'string' ? (name.length > 1 ? name.replace(/\*$/, '') : name) : ''
}

export function sourceOf({ position }: TexNode, { source }: Scope): string {
  return position === undefined ? '' : source.slice(position.start.offset, position.end.offset)
}

export interface TakenArguments {
  /** In braces. */
  readonly groups: readonly (readonly TexNode[])[]
  /** The same as they stand in the text; empty where the parser had joined them to the macro. */
  readonly texts: readonly string[]
  /** In brackets. */
  readonly options: readonly (readonly TexNode[])[]
  /** Position behind the arguments among the macro's siblings. */
  readonly next: number
}

/** The arguments of a macro: those the parser joined to it, or up to `most` groups that follow it. */
export function takeArguments(
  node: TexNode,
  following: {
    readonly nodes: readonly TexNode[]
    readonly index: number
    readonly most: number
    readonly scope: Scope
  },
): TakenArguments {
  const { nodes, index, most, scope } = following
  if (node.args !== undefined) {
    const marked = (mark: string) => (node.args ?? []).flatMap((arg) => (arg.openMark === mark ? [arg.content] : []))
    return { groups: marked('{'), texts: [], options: marked('['), next: index }
  }
  const options: (readonly TexNode[])[] = []
  let next = index
  if (isString(nodes[next], '*')) next += 1
  for (let end = most > 0 ? endOfOption(nodes, next, node) : -1; end !== -1; end = endOfOption(nodes, next, node)) {
    options.push(nodes.slice(skipBlank(nodes, next) + 1, end))
    next = end + 1
  }
  const groups: (readonly TexNode[])[] = []
  const texts: string[] = []
  while (groups.length < most) {
    const at = skipBlank(nodes, next)
    const group = nodes[at]
    if (group?.type !== 'group') break
    groups.push(childrenOf(group))
    texts.push(sourceOf(group, scope).slice(1, -1))
    next = at + 1
  }
  return { groups, texts, options, next }
}

/** An option is no longer, so that brackets without an end cost little. */
const longestOptionNodes = 200

/** Position of the bracket that ends an option beginning here; -1 for none. Rules of tables have theirs in parentheses. */
function endOfOption(nodes: readonly TexNode[], index: number, node: TexNode): number {
  const at = skipBlank(nodes, index)
  const [open, close] = nameOfNode(node) === 'cmidrule' ? ['(', ')'] : ['[', ']']
  if (!isString(nodes[at], open)) return -1
  const length = nodes.slice(at, at + longestOptionNodes).findIndex((one) => isString(one, close))
  return length === -1 ? -1 : at + length
}

function skipBlank(nodes: readonly TexNode[], index: number): number {
  let next = index
  while (nodes[next]?.type === 'whitespace' || nodes[next]?.type === 'comment') next += 1
  return next
}

function isString(node: TexNode | undefined, content: string | undefined): boolean {
  return node?.type === 'string' && node.content === content
}

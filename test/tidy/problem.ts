/** One breach of a rule of the house: where it is, what is wrong and what would be right. */
export type Problem = {
  /** Path from the root of the repository, with `/`. */
  file: string
  /** Line from 1; 0 when it is about the whole file. */
  line: number
  message: string
}

/** One line for people: `src/a.ts:12 what is wrong`. */
export function describeProblem({ file, line, message }: Problem): string {
  return `${file}${line > 0 ? `:${line}` : ''} ${message}`
}

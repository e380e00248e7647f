/** One thing a person can mend. Words: what is so, where, how to mend it. Never holds a secret. */
export interface Problem {
  /** stage/what, `plan/port-conflict`. Permanent; also the name of its help page. At run time the first part is the command: `migrate/…`, `start/…`. */
  readonly code: `${string}/${string}`
  /** One sentence about things the reader owns. */
  readonly says: string
  /** The chain of reasons, where the sentence alone does not show it. */
  readonly because?: readonly string[]
  /** Rows of cells: the place (`file:line`) first, what stands there last. */
  readonly facts?: readonly Fact[]
  /** What did not happen, where the reader may fear that it did. */
  readonly kept?: string
  /** What to do, ready to copy; starts with a verb. */
  readonly fix: readonly string[]
}

export type Fact = readonly string[]

/** Refuses with everything that was found. Thrown once a stage, or a command, has looked at everything. */
export class Refused extends Error {
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => problem.says).join('\n'))
    this.name = 'Refused'
    this.problems = problems
  }
}

/** What every command gets: its words, its flags, and where it may write. */
export interface Command {
  readonly words: readonly string[]
  readonly flags: Flags
  /** Results: stdout. */
  readonly print: (text: string) => void
  /** Progress and problems: stderr. */
  readonly tell: (text: string) => void
}
export interface Flags {
  readonly out?: string | undefined
  readonly frozen: boolean
  readonly offline?: boolean | undefined
  readonly json: boolean
  readonly quiet: boolean
}
/** Gives the exit status: 0 done, 1 refused, 2 wrong usage, 3 something is pending. */
export type RunCommand = (command: Command) => Promise<number>

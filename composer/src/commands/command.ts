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
  /** Build from a lock that another toolchain wrote, and write it anew. */
  readonly relock?: boolean | undefined
  /** The lock of the distribution that is to be upgraded. */
  readonly against?: string | undefined
  /** Only print what a database would be asked to run. */
  readonly plan?: boolean | undefined
  /** See what would change, and stop there. */
  readonly dryRun?: boolean | undefined
  /** Accept what would be asked about. */
  readonly yes?: boolean | undefined
  readonly tree?: boolean | undefined
  /** Pack a plugin compiled, with its npm packages inside. */
  readonly prebuilt?: boolean | undefined
  /** What an image stands on: an OCI image layout, or a tar. */
  readonly base?: string | undefined
  readonly platform?: string | undefined
  /** Take away what a restored stack has. */
  readonly replace?: boolean | undefined
  /** The folder that a rollback goes to. */
  readonly to?: string | undefined
}
/** Gives the exit status: 0 done, 1 refused, 2 wrong usage, 3 something is pending. */
export type RunCommand = (command: Command) => Promise<number>

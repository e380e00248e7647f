/** The ten stages, in the order they run. */
export const stageNames = [
  'selection',
  'sources',
  'resolve',
  'lock',
  'plan',
  'generate',
  'check',
  'compile',
  'package',
  'prove',
] as const
export type StageName = (typeof stageNames)[number]

/** One line of progress: what a stage came to, with the very values `--json` prints. */
export interface StageEvent {
  readonly stage: StageName
  readonly state: 'started' | 'done' | 'as-before' | 'refused'
  /** Wall-clock time of the stage, milliseconds; 0 at its start. Stages from `check` on run beside each other: the sum is more than the build took. */
  readonly ms: number
  /** A short sentence: `39 releases of 8 plugins`. */
  readonly says: string
  /** What changed, a line each. */
  readonly details: readonly string[]
}

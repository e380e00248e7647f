/**
 * The library behind the command: the same stair, the same values.
 *
 * `build(selection, { onStage })` gives the folder of the distribution; `planSelection` stops at the plan. Both throw
 * Refused with every problem that was found.
 */
export { build, planSelection, type Built, type BuildOptions, type Planned } from './pipeline.ts'
export { stageNames, type StageEvent, type StageName } from './stages.ts'
export { Refused, problemText, type Problem } from '@bitcartcc/sdk/problem'

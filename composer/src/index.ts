/**
 * The library behind the command: the same stair, the same values.
 *
 * `build(selection, { onStage })` gives the folder of the distribution; `planSelection` stops at the plan. Both throw
 * Refused with every problem that was found; and OtherCore where another core was chosen than the one that is installed: its
 * `house.program` is the same command with that core, brought and ready.
 */
export { OtherCore } from './cores/index.ts'
export { build, planSelection, type Built, type BuildOptions, type Planned } from './pipeline.ts'
export { stageNames, type StageEvent, type StageName } from './stages.ts'
export { Refused, problemText, type Problem } from '@bitcartcc/sdk/problem'

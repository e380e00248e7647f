import type { StageEvent } from '../stages.ts'
import { progressView } from '../views/progress.ts'
import { hasColour, isTerminal } from './environment.ts'
import type { Flags } from './command.ts'

/** How stages are told: lines for people, events for programs, nothing when asked to be quiet. */
export function stageTeller(
  flags: Flags,
  tell: (text: string) => void,
  print: (text: string) => void,
): (event: StageEvent) => void {
  if (flags.json) return (event) => print(`${JSON.stringify(event)}\n`)
  if (flags.quiet) return () => {}
  return progressView({ write: tell, isTerminal: isTerminal(), hasColour: hasColour() })
}

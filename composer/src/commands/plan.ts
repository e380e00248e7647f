import { cacheDir } from './environment.ts'
import { stageTeller } from './stage-teller.ts'
import type { RunCommand } from './command.ts'

/** `compose plan [selection.yaml]`: what would be built, and stop there; `lock` writes selection.lock besides. */
export const planCommand: RunCommand = async ({ words, flags, print, tell }) => {
  const { planSelection } = await import('../pipeline.ts')
  const planned = await planSelection(words[0] ?? 'selection.yaml', {
    out: flags.out,
    cacheDir: cacheDir(),
    isFrozen: flags.frozen,
    isOffline: flags.offline,
    against: flags.against,
    onStage: stageTeller(flags, tell, print),
  })
  const { planText } = await import('../views/plan-text.ts')
  if (flags.json) print(`${JSON.stringify({ plan: printable(planned.plan) })}\n`)
  else print(`\n${planText(planned.plan, planned.previous)}`)
  return 0
}

/** The plan without folders of this machine. */
function printable(plan: object): object {
  return JSON.parse(
    JSON.stringify(plan, (key, value: unknown) =>
      ['folder', 'modules', 'origin'].includes(key)
        ? undefined
        : value instanceof Map
          ? Object.fromEntries(value)
          : value,
    ),
  ) as object // JSON of an object
}

/** `compose lock [selection.yaml]` */
export const lockCommand: RunCommand = async ({ words, flags, print, tell }) => {
  const { planSelection } = await import('../pipeline.ts')
  const { lockText, lockFile } = await planSelection(words[0] ?? 'selection.yaml', {
    out: flags.out,
    cacheDir: cacheDir(),
    isFrozen: flags.frozen,
    isOffline: flags.offline,
    onStage: stageTeller(flags, tell, print),
  })
  const [{ writeLock }, { shown }] = await Promise.all([
    import('../lock/index.ts'),
    import('../views/shown.ts'),
  ])
  writeLock(lockFile, lockText)
  print(flags.json ? `${JSON.stringify({ lock: shown(lockFile) })}\n` : `${shown(lockFile)}\n`)
  return 0
}

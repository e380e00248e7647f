import { cacheDir, proveDatabaseUrl } from './environment.ts'
import { stageTeller } from './stage-teller.ts'
import type { RunCommand } from './command.ts'

/** `compose build [selection.yaml]` */
export const buildCommand: RunCommand = async ({ words, flags, print, tell }) => {
  const file = words[0] ?? 'selection.yaml'
  const startedAt = performance.now()
  const { build } = await import('../pipeline.ts')
  const shownFile = file
  const say = flags.quiet || flags.json ? () => {} : tell
  say(`compose  ${shownFile}\n\n`)
  const built = await build(file, {
    out: flags.out,
    cacheDir: cacheDir(),
    isFrozen: flags.frozen,
    isOffline: flags.offline,
    against: flags.against,
    isRelocked: flags.relock,
    proveDatabaseUrl: proveDatabaseUrl(),
    onStage: stageTeller(flags, tell, print),
  })
  const { shown } = await import('../views/shown.ts')
  const [{ distributionView }, { duration }] = await Promise.all([
    import('../views/distribution.ts'),
    import('../views/progress.ts'),
  ])
  if (!built.isAsBefore) say(`\n${distributionView(built.folder, shown(built.folder))}`)
  const took = duration(Math.round(performance.now() - startedAt))
  say(
    `\n  ${built.isAsBefore ? `Nothing changed: ${built.name} is as it was` : `Built ${built.name}`} in ${took}.\n  Next: compose start ${shown(built.folder)}\n`,
  )
  print(
    flags.json
      ? `${JSON.stringify({ built: built.folder, isAsBefore: built.isAsBefore })}\n`
      : `${shown(built.folder)}\n`,
  )
  return 0
}

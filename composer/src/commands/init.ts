import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { Refused } from '@bitcartcc/sdk/problem'
import { coreVersion } from '../house.ts'
import { alreadyThere, notADistributionName } from '../selection/problems.ts'
import type { RunCommand } from './command.ts'
import { nameFrom } from './names.ts'
import { writing } from './writing.ts'

const file = 'selection.yaml'

/** `compose init [NAME]`: writes a selection without plugins into the current folder. */
export const initCommand: RunCommand = async ({ words, flags, print, tell }) => {
  if (existsSync(file)) throw new Refused([alreadyThere(file)])
  const name = words[0] ?? nameFrom(basename(process.cwd()), 'shop')
  const text = selectionText(name, coreVersion())
  await writing(file, () => writeFileSync(file, text, { flag: 'wx' }), true)
  const { readSelection } = await import('../selection/index.ts')
  await readSelection(file).catch(() => {
    rmSync(file)
    throw new Refused([notADistributionName(name, nameFrom(name, 'shop'))])
  })
  if (!flags.json && !flags.quiet) tell(`\n  Next: compose add ratings, then compose build\n\n`)
  print(flags.json ? `${JSON.stringify({ selection: file, name })}\n` : `${file}\n`)
  return 0
}

const selectionText = (name: string, core: string) => `# What this distribution is made of.
distribution: ${name}
core: ^${core}
plugins: {}
# images: tags takes the images of docker-compose.yml as they come; images: pinned asks for a digest of each.
deployment: { host: localhost, mode: one-domain, database: embedded, proxy: caddy, images: tags }
`

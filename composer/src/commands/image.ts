import { join, resolve } from 'node:path'
import { Refused } from '@bitcartcc/sdk/problem'
import { composerFolder } from '../house.ts'
import { makeImage, type MadeImage } from '../image/index.ts'
import { isPlatform } from '../image/platform.ts'
import { noBase, unknownPlatform } from '../image/problems.ts'
import { sizeText } from '../views/inspected.ts'
import { shown } from '../views/shown.ts'
import { table } from '../views/table.ts'
import type { Command, RunCommand } from './command.ts'
import { distributionFolder } from './distribution-folder.ts'
import { cacheDir, proveDatabaseUrl } from './environment.ts'
import { stageTeller } from './stage-teller.ts'
import { wholeDistribution } from './whole-distribution.ts'
import { writing } from './writing.ts'

/** `compose image [dist/NAME | selection.yaml] --base PATH`: writes the image of a distribution, without an engine. */
export const imageCommand: RunCommand = async (command) => {
  const { words, flags, print, tell } = command
  const platform = flags.platform ?? 'linux/amd64'
  const problems = [
    ...(flags.base === undefined ? [noBase()] : []),
    ...(isPlatform(platform) ? [] : [unknownPlatform(platform)]),
  ]
  if (flags.base === undefined || !isPlatform(platform)) throw new Refused(problems)
  const { base } = flags
  const { files } = wholeDistribution(await folderOf(words[0], command))
  const { name } = JSON.parse(Buffer.from(files.get('distribution.json') ?? []).toString()) as {
    name: string
  } // held against its checksum
  const out = join(resolve(flags.out ?? 'images'), name)
  const made = await writing(shown(out), () =>
    makeImage({ files, base, platform, home: composerFolder, out }),
  )
  if (flags.json) print(`${JSON.stringify({ folder: shown(out), ...made })}\n`)
  else {
    if (!flags.quiet)
      tell(
        `\n${imageText(made)}\n  Next: docker load --input ${shown(join(out, `${name}.tar`))}\n\n`,
      )
    print(`${shown(out)}\n`)
  }
  return 0
}

/** What was built; a selection is built first, which takes no time where nothing changed. */
async function folderOf(
  word: string | undefined,
  { flags, tell, print }: Command,
): Promise<string> {
  if (!/\.ya?ml$/.test(word ?? '')) return distributionFolder(word, 'image')
  const { build } = await import('../pipeline.ts')
  const built = await build(word ?? '', {
    cacheDir: cacheDir(),
    isFrozen: flags.frozen,
    isOffline: flags.offline,
    proveDatabaseUrl: proveDatabaseUrl(),
    onStage: stageTeller(flags, tell, print),
  })
  return built.folder
}

/** The image's name, and each layer with what it weighs; a layer that changed has another digest. */
const imageText = ({ reference, digest, id, layers }: MadeImage) =>
  `${table(
    [
      ['image', reference],
      ['digest', digest],
      ['id', id],
    ],
    '  ',
  )}\n${table(
    layers.map(({ name, digest: each, sizeBytes }) => [
      name,
      each.slice(0, 'sha256:'.length + 12),
      sizeText(sizeBytes),
    ]),
    '  ',
  )}`

import { join, resolve } from 'node:path'
import { Refused } from '@bitcartcc/sdk/problem'
import { composerFolder } from '../house.ts'
import { makeImages, type MadeImage } from '../image/index.ts'
import { isPlatform, ownPlatform, type Platform } from '../model/platform.ts'
import { noBase, unknownPlatform } from '../image/problems.ts'
import { sizeText } from '../views/inspected.ts'
import { shown } from '../views/shown.ts'
import { table } from '../views/table.ts'
import type { Command, RunCommand } from './command.ts'
import { distributionFolder } from './distribution-folder.ts'
import { cacheDir, proveDatabaseUrl } from './environment.ts'
import { isSelection } from './read-args.ts'
import { stageTeller } from './stage-teller.ts'
import { wholeDistribution } from './whole-distribution.ts'
import { writing } from './writing.ts'

/** `compose image [dist/NAME | selection.yaml] --base PATH`: writes the image of a distribution, without an engine. */
export const imageCommand: RunCommand = async (command) => {
  const { words, flags, print, tell } = command
  const { base, platform } = flags
  const problems = [
    ...(base === undefined ? [noBase()] : []),
    ...(platform === undefined || isPlatform(platform) ? [] : [unknownPlatform(platform)]),
  ]
  if (base === undefined || (platform !== undefined && !isPlatform(platform)))
    throw new Refused(problems)
  const { files } = wholeDistribution(await folderOf(words[0], command))
  const { name, deployment } = JSON.parse(
    Buffer.from(files.get('distribution.json') ?? []).toString(),
  ) as { name: string; deployment?: { platforms?: readonly Platform[] } } // held against its checksum
  const platforms = platform === undefined ? (deployment?.platforms ?? [ownPlatform()]) : [platform]
  const out = join(resolve(flags.out ?? 'images'), name)
  const made = await writing(shown(out), () =>
    makeImages({ files, base, platforms, home: composerFolder, out }),
  )
  for (const { place, ...image } of made) {
    const folder = shown(join(out, place))
    if (flags.json) print(`${JSON.stringify({ folder, ...image })}\n`)
    else {
      if (!flags.quiet)
        tell(
          `\n${imageText(image)}\n  Next: docker load --input ${shown(join(out, place, `${name}.tar`))}\n\n`,
        )
      print(`${folder}\n`)
    }
  }
  return 0
}

/** What was built; a selection is built first, which takes no time where nothing changed. */
async function folderOf(
  word: string | undefined,
  { flags, tell, print }: Command,
): Promise<string> {
  if (!isSelection(word ?? '')) return distributionFolder(word, 'image')
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
const imageText = ({ reference, platform, digest, id, layers }: Omit<MadeImage, 'place'>) =>
  `${table(
    [
      ['image', reference],
      ['platform', platform],
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

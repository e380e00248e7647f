import { composerFolder, packageFolder, roomFolder, versionIn } from '../house.ts'

/** What core gives to every plugin: there is one of each in a distribution, and it is core's. */
const names = [
  '@bitcartcc/sdk',
  '@bitcartcc/ui',
  'fastify',
  'kysely',
  'pg',
  'typebox',
  'vue',
  'vue-router',
]

/** Package → its version in this composer. */
export function corePackages(): ReadonlyMap<string, string> {
  const homes = [composerFolder, ...(['sdk', 'api', 'domain'] as const).map(roomFolder)]
  return new Map(
    names.flatMap((name) => {
      const folder = homes
        .map((home) => packageFolder(home, name))
        .find((each) => each !== undefined)
      return folder === undefined ? [] : [[name, versionIn(folder)] as const]
    }),
  )
}

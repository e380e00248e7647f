import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

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
export function corePackages(home: string): ReadonlyMap<string, string> {
  const rooms = ['composer', 'core/sdk', 'core/api', 'core/domain'].map((room) => join(home, room))
  return new Map(
    names.flatMap((name) => {
      const version = rooms
        .map((room) => versionFrom(room, name))
        .find((each) => each !== undefined)
      return version === undefined ? [] : [[name, version] as const]
    }),
  )
}

/** As Node looks for it: in each node_modules from a folder upwards. */
function versionFrom(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, 'node_modules', name, 'package.json')
    if (existsSync(file))
      return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version // npm's own format
    if (dirname(folder) === folder) return undefined
  }
}

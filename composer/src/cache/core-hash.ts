import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashOfFolder } from './folder-files.ts'
import { hashOf } from './hash.ts'

/** One hash over all that every build stands on: core, this composer, the templates, the npm packages' lockfile, Node. */
export function coreHash(home: string): string {
  const core = join(home, 'core')
  const lockfile = join(home, 'pnpm-lock.yaml')
  return hashOf(
    process.version,
    ...readdirSync(core)
      .toSorted()
      .flatMap((room) => [room, hashOfFolder(join(core, room))]),
    hashOfFolder(join(home, 'composer')),
    existsSync(join(home, 'dist-templates'))
      ? hashOfFolder(join(home, 'dist-templates'), (path) => path.endsWith('.hbs'))
      : '',
    existsSync(lockfile) ? readFileSync(lockfile) : '',
  )
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Distribution } from '@bitcartcc/sdk/resources'
import { hashOf } from '../cache/hash.ts'
import type { Packed } from '../model/packed.ts'
import type { Plan } from '../model/plan.ts'
import { filesNamedBy, pagesOf, routesOf } from './ask.ts'

/** What a server answered when it was started: it holds for each distribution that differs from that one in its apps alone. */
export interface Proof {
  readonly routes: number
  readonly pages: number
  /** Every address that was asked and answered as it should. */
  readonly answered: readonly string[]
}

/** Files of a distribution that its programs do not read. */
const unread = new Set(['SHA256SUMS', 'sbom.cdx.json', 'selection.lock', 'distribution.json'])

/**
 * Names a server with all that its answers come from: its files but those of the apps, what it says of itself, the database
 * it starts on, what it is asked, and the Node that runs it.
 *
 * Of what it says of itself the two hashes are left out that any file of a plugin changes.
 */
export function proofKey({ folder }: Packed, plan: Plan, snapshot: Uint8Array): string {
  const sums = readFileSync(join(folder, 'SHA256SUMS'), 'utf8').trimEnd().split('\n')
  const files = sums.filter((line) => {
    const path = line.slice(66)
    return !path.startsWith('public/') && !unread.has(path)
  })
  const facts = JSON.parse(readFileSync(join(folder, 'distribution.json'), 'utf8')) as Distribution // written by pack
  const said = {
    ...facts,
    digest: '',
    plugins: facts.plugins.map((each) => ({ ...each, integrity: '' })),
  }
  const asked = [...routesOf(plan), ...pagesOf(plan)]
  const runs = [process.version, process.platform, process.arch]
  return `proof-${hashOf(...runs, ...files, JSON.stringify(said), JSON.stringify(asked), snapshot).slice(7)}`
}

/** Whether the pages of the apps are there, with every file they name: the server hands them out as they are. */
export function pagesHold({ folder, sizes }: Packed, { answered }: Proof): boolean {
  const known = new Set(answered)
  return ['admin', 'store'].every((app) => {
    const page = `public/${app}/index.html`
    if (!sizes.has(page)) return false
    const text = readFileSync(join(folder, page), 'utf8')
    const named = filesNamedBy(text)
    return (
      /^<!doctype html>/i.test(text) &&
      named.length > 0 &&
      named.every((path) => (sizes.get(`public${path}`) ?? 0) > 0 || known.has(path))
    )
  })
}

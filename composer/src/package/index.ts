import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'fflate'
import { coreMigrationsFolder } from '@bitcartcc/domain/core-migrations'
import type { SchemaObject } from '@bitcartcc/domain/migration-plan'
import { Refused } from '@bitcartcc/sdk/problem'
import type { Cache, Files } from '../cache/cache.ts'
import { hashOf } from '../cache/hash.ts'
import type { Paths } from '../cache/paths.ts'
import type { Bundles } from '../model/bundles.ts'
import type { Packed } from '../model/packed.ts'
import type { Plan } from '../model/plan.ts'
import { distributionFacts } from './facts.ts'
import { fragmentFiles } from './mounted-files.ts'
import { cannotWrite } from './problems.ts'
import { sbom } from './sbom.ts'
import { makeBeside, mend, takeAway, type Beside } from '../place/swap.ts'
import { texts } from './texts.ts'

export interface PackInput {
  readonly plan: Plan
  /** What is to be packed, while it is being compiled. */
  readonly bundling: Promise<Bundles>
  readonly lockText: string
  /** The schema that the migrations were seen to lead to. */
  readonly schema: readonly SchemaObject[]
  readonly paths: Paths
  readonly cache: Cache
  /** As compile's. */
  readonly coreHash: string
}

/** Dresses the distribution and writes it beside its place; the one that is there stays as it is. */
export async function pack(input: PackInput): Promise<Packed> {
  const { plan, bundling, lockText, paths } = input
  const facts = distributionFacts(plan, lockText)
  const dress: Files = new Map([
    ...migrationFiles(plan),
    ['migrations/schema.json', json(input.schema)],
    ...fragmentFiles(plan),
    ...[...texts(plan)].map(([path, text]) => [path, Buffer.from(text)] as const),
    ['distribution.json', json(facts)],
    ['sbom.cdx.json', json(sbom(plan, facts.digest, input.coreHash))],
    ['selection.lock', Buffer.from(lockText)],
  ])
  const bundles = await bundling
  const made = new Map([...bundles.files, ...zipped(bundles.files, input.cache), ...dress])
  const files = new Map([...made].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  files.set('SHA256SUMS', Buffer.from(sums(files)))
  return {
    ...write(files, paths.out),
    artifacts: new Set([...files.keys()].map((path) => path.split('/')[0])).size,
    sizeBytes: [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0),
    sizes: new Map([...files].map(([path, bytes]) => [path, bytes.length])),
  }
}

const json = (value: object) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`)

const smallestZippedBytes = 1000

/** A `.gz` beside every text of the apps; by fflate, whose bytes are the same on every machine. */
function zipped(files: Files, cache: Cache): Files {
  const texts = [...files].filter(
    ([path, bytes]) =>
      path.startsWith('public/') &&
      /\.(html|js|css|svg|json)$/.test(path) &&
      bytes.length >= smallestZippedBytes,
  )
  return new Map(texts.map(([path, bytes]) => [`${path}.gz`, zippedOnce(bytes, cache)]))
}

function zippedOnce(bytes: Uint8Array, cache: Cache): Uint8Array {
  const key = `gzip-${hashOf(bytes).slice(7)}`
  const known = cache.get(key)?.get('gz')
  if (known) return known
  const made = gzipSync(bytes, { level: 9, mtime: 0 })
  cache.put(key, new Map([['gz', made]]))
  return made
}

/** `plan.json`, and the SQL it was made from as its authors wrote it. */
function migrationFiles(plan: Plan): Files {
  const folders = new Map([
    ['core', coreMigrationsFolder],
    ...plan.plugins.map(
      ({ release }) =>
        [
          release.name,
          join(release.folder, release.manifest.contributes.migrations ?? './migrations'),
        ] as const,
    ),
  ])
  const sql = plan.migrations.steps.map(({ plugin, id }) => {
    const name = `${id.slice(plugin.length + 1)}.sql`
    return [
      `migrations/${plugin}/${name}`,
      readFileSync(join(folders.get(plugin) ?? '', name)),
    ] as const
  })
  return new Map([...sql, ['migrations/plan.json', json(plan.migrations)]])
}

const sums = (files: Files) =>
  [...files]
    .map(([path, bytes]) => `${createHash('sha256').update(bytes).digest('hex')}  ${path}\n`)
    .join('')

function write(files: Files, out: string): Beside {
  let beside: Beside | undefined
  try {
    mend(out)
    beside = makeBeside(out)
    for (const [path, bytes] of files) {
      const file = join(beside.folder, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, bytes)
    }
    return beside
  } catch (error) {
    if (beside) takeAway(beside)
    const problem = cannotWrite(error, out)
    throw problem ? new Refused([problem]) : error
  }
}

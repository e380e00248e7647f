import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import type { Cache } from '../cache/cache.ts'
import type { Paths } from '../cache/paths.ts'
import type { Plan } from '../model/plan.ts'
import type { Packed } from '../model/packed.ts'
import { putInPlace } from '../place/swap.ts'
import { ask } from './ask.ts'
import { layOut } from './data-folder.ts'
import { answersWrongly, doesNotStart, ended } from './problems.ts'
import { startProgram, type Program } from './program.ts'
import { pagesHold, proofKey, type Proof } from './proof.ts'
import { withDatabase } from './throw-away-database.ts'

export interface ProveInput {
  readonly plan: Plan
  readonly packed: Packed
  /** The rehearsed database, as `check` gives it. */
  readonly snapshot: Uint8Array
  readonly paths: Paths
  readonly cache: Cache
  /** A PostgreSQL server to try a distribution on that has no embedded database: `postgres://…`, may make databases. */
  readonly databaseUrl: string | undefined
}

export interface Proved {
  /** False where the product needs a PostgreSQL server and none was named: then only its modules were loaded. */
  readonly isStarted: boolean
  /** A server of the same bytes was started before, and the pages are whole. */
  readonly isAsBefore: boolean
  readonly upMs: number
  readonly routes: number
  readonly pages: number
}

const startTimeoutMs = 60_000

/**
 * Starts the product once, on the rehearsed database, without rights and secrets, and asks for its health, routes and
 * pages; then puts it in place. Refused, the distribution that was there stays, and the new one is taken away.
 *
 * Where only the apps changed since a server answered, it would answer the same: then their pages are looked at alone.
 */
export async function prove({
  plan,
  packed,
  snapshot,
  paths,
  cache,
  databaseUrl,
}: ProveInput): Promise<Proved> {
  const work = realpathSync(mkdtempSync(join(tmpdir(), 'compose-prove-')))
  try {
    const isEmbedded = plan.deployment.database === 'embedded'
    const hasAddons = hasNative(plan)
    const proved = isEmbedded
      ? await tryOnce(plan, packed, work, { snapshot, cache })
      : databaseUrl === undefined
        ? await onlyLoad(packed.folder, work, hasAddons)
        : (await withDatabase(databaseUrl, (url) => tryOut(plan, packed.folder, work, { url })))
            .proved
    putInPlace(packed.folder, paths.out, true)
    return proved
  } finally {
    await Promise.all(
      [work, packed.folder].map((folder) => rm(folder, { recursive: true, force: true })),
    )
  }
}

/** Loads the program without starting it: it answers with its help. */
async function onlyLoad(place: string, work: string, hasAddons: boolean): Promise<Proved> {
  const folder = realpathSync(place)
  const server = startProgram({
    args: [join(folder, 'server.js'), 'help'],
    cwd: work,
    env: {},
    reads: [folder],
    writes: [],
    maxHeapMb: 512,
    hasAddons,
  })
  try {
    const found = await server.says(/node server\.js COMMAND/, startTimeoutMs)
    if (!found) throw new Refused([ended('The product', server.output())])
    return { isStarted: false, isAsBefore: false, upMs: 0, routes: 0, pages: 0 }
  } finally {
    await server.stop()
  }
}

const hasNative = (plan: Plan) => plan.plugins.some(({ native }) => native !== undefined)

type On = { readonly snapshot: Uint8Array } | { readonly url: string }

async function tryOnce(
  plan: Plan,
  packed: Packed,
  work: string,
  { snapshot, cache }: { readonly snapshot: Uint8Array; readonly cache: Cache },
): Promise<Proved> {
  const key = proofKey(packed, plan, snapshot)
  const known = cache.get(key)?.get('proof')
  const proof = known && (JSON.parse(Buffer.from(known).toString('utf8')) as Proof) // written below
  if (proof && pagesHold(packed, proof)) {
    const { routes, pages } = proof
    return { isStarted: true, isAsBefore: true, upMs: 0, routes, pages }
  }
  const { proved, asked } = await tryOut(plan, packed.folder, work, { snapshot })
  const found: Proof = { routes: proved.routes, pages: proved.pages, answered: asked }
  cache.put(key, new Map([['proof', Buffer.from(JSON.stringify(found))]]))
  return proved
}

async function tryOut(
  plan: Plan,
  place: string,
  work: string,
  on: On,
): Promise<{ readonly proved: Proved; readonly asked: readonly string[] }> {
  const folder = realpathSync(place)
  const hasAddons = hasNative(plan)
  const dataDir = join(work, 'data')
  mkdirSync(dataDir)
  const given: Record<string, string> = { PORT: '0', HOST: '127.0.0.1', DATA_DIR: dataDir }
  if ('snapshot' in on) layOut(on.snapshot, dataDir)
  else {
    given['DATABASE_URL'] = on.url
    await migrateFirst(folder, work, given, hasAddons)
  }
  const startedAt = performance.now()
  const server = startProgram({
    args: [join(folder, 'server.js'), 'serve'],
    cwd: work,
    env: given,
    reads: [folder],
    writes: [work],
    maxHeapMb: 1024,
    hasAddons,
  })
  try {
    const url = await addressOf(server)
    const upMs = Math.round(performance.now() - startedAt)
    const [{ routes, pages, wrong, asked }, services] = await Promise.all([
      ask(url, plan),
      tryServices(plan, folder, work, url),
    ])
    const problems = wrong.length > 0 ? [answersWrongly(wrong, server.output())] : []
    if (problems.length + services.length > 0) throw new Refused([...problems, ...services])
    return { proved: { isStarted: true, isAsBefore: false, upMs, routes, pages }, asked }
  } finally {
    await server.stop()
  }
}

async function migrateFirst(
  folder: string,
  work: string,
  env: Record<string, string>,
  hasAddons: boolean,
) {
  const migrate = startProgram({
    args: [join(folder, 'server.js'), 'migrate'],
    cwd: work,
    env,
    reads: [folder],
    writes: [work],
    maxHeapMb: 512,
    hasAddons,
  })
  const found = await migrate.says(/Applied \d+|Nothing was pending/, startTimeoutMs)
  await migrate.stop()
  if (!found) throw new Refused([ended('migrate', migrate.output())])
}

async function addressOf(server: Program): Promise<string> {
  const found = await server.says(/"url":"(http:\/\/127\.0\.0\.1:\d+)"/, startTimeoutMs)
  if (found?.[1]) return found[1]
  throw new Refused([
    server.isOver()
      ? ended('The product', server.output())
      : doesNotStart('The product', server.output(), startTimeoutMs / 1000),
  ])
}

/** Starts each service that is a program of the distribution, by itself, and waits for an answer. */
async function tryServices(
  plan: Plan,
  folder: string,
  work: string,
  url: string,
): Promise<readonly Problem[]> {
  const hasAddons = hasNative(plan)
  const problems = await Promise.all(
    plan.services
      .filter(({ entryFile }) => entryFile !== undefined)
      .map(async ({ name, plugin, path }) => {
        const port = await freePort()
        const program = startProgram({
          args: [join(folder, 'services', `${name}.js`)],
          cwd: work,
          env: {
            PORT: String(port),
            HOST: '127.0.0.1',
            BITCARTCC_API_URL: url,
            BITCARTCC_TOKEN: 'throw-away',
            BITCARTCC_PATH_PREFIX: path ?? '',
          },
          reads: [folder],
          writes: [],
          maxHeapMb: 256,
          hasAddons,
        })
        try {
          return (await answers(`http://127.0.0.1:${port}/`, program))
            ? []
            : [
                (program.isOver() ? ended : slow)(
                  `The service ${name} of ${plugin}`,
                  program.output(),
                ),
              ]
        } finally {
          await program.stop()
        }
      }),
  )
  return problems.flat()
}

const serviceTimeoutMs = 15_000
const slow = (what: string, output: string) => doesNotStart(what, output, serviceTimeoutMs / 1000)

async function answers(url: string, program: Program): Promise<boolean> {
  const until = performance.now() + serviceTimeoutMs
  while (performance.now() < until && !program.isOver()) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined)
    if (answer && answer.status < 500) return true
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return false
}

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        typeof address === 'object' && address
          ? resolve(address.port)
          : reject(new Error('no free port')),
      )
    })
  })

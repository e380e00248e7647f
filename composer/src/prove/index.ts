import { mkdirSync, realpathSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { layOut } from '@bitcartcc/domain/lay-out'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import type { Cache } from '../cache/cache.ts'
import { unpacked } from '../cache/snapshot.ts'
import type { Paths } from '../cache/paths.ts'
import type { Plan } from '../model/plan.ts'
import type { Packed } from '../model/packed.ts'
import { makeScratch } from '../place/scratch.ts'
import { putInPlace, takeAway } from '../place/swap.ts'
import { ask } from './ask.ts'
import { get } from './get.ts'
import { answersWrongly, doesNotStart, ended } from './problems.ts'
import { startProgram, type Program } from './program.ts'
import { pagesHold, proofKey, type Proof } from './proof.ts'

export interface ProveInput {
  readonly plan: Plan
  /** What is to be proved, while it is being made. */
  readonly packing: Promise<Packed>
  /** The rehearsed database, as `check` gives it. */
  readonly snapshot: Uint8Array
  /** The server is compiled anew, so that it will be started: its data folder is laid out while that goes on. */
  readonly isServerNew: boolean
  readonly paths: Paths
  readonly cache: Cache
  /** A PostgreSQL server to try a distribution on that has no embedded database: `postgres://…`, may make databases. */
  readonly databaseUrl: string | undefined
  /** Ends it; the promise then rejects. */
  readonly signal: AbortSignal
  /** What is awaited before the distribution is put in place; if it rejects, it is not. */
  readonly consent: Promise<unknown>
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
  packing,
  snapshot,
  isServerNew,
  paths,
  cache,
  databaseUrl,
  signal,
  consent,
}: ProveInput): Promise<Proved> {
  const work = makeScratch('compose-prove-')
  const isEmbedded = plan.deployment.database === 'embedded'
  let packed: Packed | undefined
  try {
    const data = dataIn(work, snapshot)
    if (isEmbedded && isServerNew) data.layOut()
    packed = await packing
    signal.throwIfAborted()
    const trial = trialOf(plan, packed.folder, work, signal)
    const proved = isEmbedded
      ? await tryOnce(trial, packed, { data, cache })
      : databaseUrl === undefined
        ? await onlyLoad(trial)
        : await tryOnServer(trial, databaseUrl)
    await consent
    putInPlace(packed.folder, paths.out, true)
    return proved
  } finally {
    await rm(work, { recursive: true, force: true })
    if (packed) takeAway(packed)
  }
}

/** A distribution that is tried, and where. */
interface Trial {
  readonly plan: Plan
  readonly folder: string
  /** For data that is thrown away. */
  readonly work: string
  /** Starts a program of it, which may read the distribution, and write where it is told. */
  start(
    program: string,
    args: readonly string[],
    given: {
      readonly env: Readonly<Record<string, string>>
      readonly writes: readonly string[]
      readonly maxHeapMb: number
    },
  ): Program
}

function trialOf(plan: Plan, place: string, work: string, signal: AbortSignal): Trial {
  const folder = realpathSync(place)
  const hasAddons = plan.plugins.some(({ native }) => native !== undefined)
  return {
    plan,
    folder,
    work,
    start: (program, args, given) =>
      startProgram({
        ...given,
        args: [join(folder, program), ...args],
        cwd: work,
        reads: [folder],
        hasAddons,
        signal,
      }),
  }
}

/** Loads the program without starting it: it answers with its help. */
async function onlyLoad({ start }: Trial): Promise<Proved> {
  const server = start('server.js', ['help'], { env: {}, writes: [], maxHeapMb: 512 })
  try {
    const found = await server.says(/node server\.js COMMAND/, startTimeoutMs)
    if (!found) throw new Refused([ended('The product', server.output())])
    return { isStarted: false, isAsBefore: false, upMs: 0, routes: 0, pages: 0 }
  } finally {
    await server.stop()
  }
}

interface Data {
  readonly snapshot: Uint8Array
  /** Once. */
  layOut(): void
}

const dataDirIn = (work: string) => join(work, 'data')

function dataIn(work: string, snapshot: Uint8Array): Data {
  let isLaidOut = false
  return {
    snapshot,
    layOut() {
      if (!isLaidOut) layOut(unpacked(snapshot), join(dataDirIn(work), 'database', 'rows'))
      isLaidOut = true
    },
  }
}

type On = { readonly data: Data } | { readonly url: string }

async function tryOnce(
  trial: Trial,
  packed: Packed,
  { data, cache }: { readonly data: Data; readonly cache: Cache },
): Promise<Proved> {
  const key = proofKey(packed, trial.plan, data.snapshot)
  const known = cache.get(key)?.get('proof')
  const proof = known && (JSON.parse(Buffer.from(known).toString('utf8')) as Proof) // written below
  if (proof && pagesHold(packed, proof)) {
    const { routes, pages } = proof
    return { isStarted: true, isAsBefore: true, upMs: 0, routes, pages }
  }
  const { proved, asked } = await tryOut(trial, { data })
  const found: Proof = { routes: proved.routes, pages: proved.pages, answered: asked }
  cache.put(key, new Map([['proof', Buffer.from(JSON.stringify(found))]]))
  return proved
}

async function tryOut(
  trial: Trial,
  on: On,
): Promise<{ readonly proved: Proved; readonly asked: readonly string[] }> {
  const { plan, work } = trial
  const dataDir = dataDirIn(work)
  mkdirSync(dataDir, { recursive: true })
  const env: Record<string, string> = { PORT: '0', HOST: '127.0.0.1', DATA_DIR: dataDir }
  if ('data' in on) on.data.layOut()
  else {
    env['DATABASE_URL'] = on.url
    await migrateFirst(trial, env)
  }
  const startedAt = performance.now()
  const server = trial.start('server.js', ['serve'], { env, writes: [work], maxHeapMb: 1024 })
  try {
    const url = await addressOf(server)
    const upMs = Math.round(performance.now() - startedAt)
    const [{ routes, pages, wrong, asked }, services] = await Promise.all([
      ask(url, plan),
      tryServices(trial, url),
    ])
    const problems = wrong.length > 0 ? [answersWrongly(wrong, server.output())] : []
    if (problems.length + services.length > 0) throw new Refused([...problems, ...services])
    return { proved: { isStarted: true, isAsBefore: false, upMs, routes, pages }, asked }
  } finally {
    await server.stop()
  }
}

async function tryOnServer(trial: Trial, databaseUrl: string): Promise<Proved> {
  // It brings a driver that other proofs do without.
  const { withDatabase } = await import('./throw-away-database.ts')
  const { proved } = await withDatabase(databaseUrl, (url) => tryOut(trial, { url }))
  return proved
}

async function migrateFirst({ start, work }: Trial, env: Readonly<Record<string, string>>) {
  const migrate = start('server.js', ['migrate'], { env, writes: [work], maxHeapMb: 512 })
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
async function tryServices({ plan, start }: Trial, url: string): Promise<readonly Problem[]> {
  const problems = await Promise.all(
    plan.services
      .filter(({ entryFile }) => entryFile !== undefined)
      .map(async ({ name, plugin, path }) => {
        const port = await freePort()
        const program = start(join('services', `${name}.js`), [], {
          env: {
            PORT: String(port),
            HOST: '127.0.0.1',
            BITCARTCC_API_URL: url,
            BITCARTCC_TOKEN: 'throw-away',
            BITCARTCC_PATH_PREFIX: path ?? '',
          },
          writes: [],
          maxHeapMb: 256,
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
    const answer = await get(url, 5000).catch(() => undefined)
    if (answer && answer.status < 500) return true
    await new Promise((resolve) => setTimeout(resolve, 20))
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

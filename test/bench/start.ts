import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import pg from 'pg'
import { plainEnv } from '../support/compose.ts'
import { freePort, serve } from '../support/distribution.ts'
import { memoryOf } from './measure.ts'

export interface Start {
  readonly name: string
  /** From the start of the process to its first answer that it is ready. */
  readonly seconds: number
  /** Resident memory right after a first request of each kind. */
  readonly bytes: number
  /** The most it was until then. */
  readonly peakBytes: number
}

/** Starts a distribution as often as said and gives the median time and memory. */
async function starts(
  name: string,
  folder: string,
  times: number,
  dataDir: () => Promise<string>,
  env: Readonly<Record<string, string>>,
): Promise<Start> {
  const seen: { seconds: number; bytes: number; peakBytes: number }[] = []
  for (let i = 0; i < times; i++) {
    const options = { env, dataDir: await dataDir(), port: await freePort() }
    const began = performance.now()
    const server = await serve(folder, options)
    const seconds = (performance.now() - began) / 1000
    for (const path of ['/', '/admin', '/api/distribution', '/api/products'])
      await fetch(`${server.url}${path}`).then((response) => response.arrayBuffer())
    seen.push({
      seconds,
      bytes: await memoryOf(server.pid, 'VmRSS'),
      peakBytes: await memoryOf(server.pid, 'VmHWM'),
    })
    await server.stop()
  }
  const median = (values: readonly number[]) =>
    values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
  return {
    name,
    seconds: median(seen.map((one) => one.seconds)),
    bytes: median(seen.map((one) => one.bytes)),
    peakBytes: median(seen.map((one) => one.peakBytes)),
  }
}

/** The embedded database twice: made anew, and found in its folder. */
export async function embeddedStarts(folder: string): Promise<readonly Start[]> {
  const work = await mkdtemp(join(tmpdir(), 'compose-bench-data-'))
  try {
    const anew = await starts('embedded, new', folder, 3, () => mkdtemp(join(work, 'new-')), {})
    const same = join(work, 'same')
    await (await serve(folder, { dataDir: same })).stop()
    return [anew, await starts('embedded, again', folder, 3, () => Promise.resolve(same), {})]
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** A database of its own on the given server, dropped afterwards; a first start, after `migrate` as each is, and later ones. */
export async function postgresStarts(folder: string, serverUrl: string): Promise<readonly Start[]> {
  const name = `compose_bench_${process.pid}`
  const administrator = new pg.Client({ connectionString: serverUrl })
  await administrator.connect()
  const work = await mkdtemp(join(tmpdir(), 'compose-bench-data-'))
  try {
    await administrator.query(`create database ${name}`)
    const url = new URL(serverUrl)
    url.pathname = `/${name}`
    const env = { DATABASE_URL: url.href }
    const migrated = async () => {
      const dataDir = await mkdtemp(join(work, 'data-'))
      await execa(process.execPath, [join(folder, 'server.js'), 'migrate'], {
        cwd: folder,
        env: { ...plainEnv(), ...env, DATA_DIR: dataDir },
        extendEnv: false,
      })
      return dataDir
    }
    const anew = await starts('PostgreSQL, new', folder, 5, migrated, env)
    const same = await migrated()
    await (await serve(folder, { dataDir: same, env })).stop()
    return [anew, await starts('PostgreSQL, again', folder, 5, () => Promise.resolve(same), env)]
  } finally {
    await administrator.query(`drop database if exists ${name} with (force)`)
    await administrator.end()
    await rm(work, { recursive: true, force: true })
  }
}

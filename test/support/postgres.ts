import { execa } from 'execa'
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { freePort } from './distribution.ts'

/** A PostgreSQL server of a test's own, which it may stop and start again. */
export interface Cluster {
  readonly url: string
  stop(): Promise<void>
  start(): Promise<void>
  remove(): Promise<void>
}

/** Where the programs of the newest PostgreSQL of this machine lie; undefined where there is none. */
export async function findPostgres(): Promise<string | undefined> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => [])
  const newest = versions.toSorted((a, b) => Number(a) - Number(b)).at(-1)
  return newest === undefined ? undefined : `/usr/lib/postgresql/${newest}/bin`
}

/** Makes and starts a server that nobody else uses; PostgreSQL does not run as root, so there it runs as `postgres`. */
export async function openCluster(bin: string): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'compose-postgres-'))
  const isRoot = userInfo().uid === 0
  const run = async (program: string, ...args: readonly string[]) => {
    const command = [join(bin, program), ...args]
    const [file = '', ...rest] = isRoot ? ['runuser', '-u', 'postgres', '--', ...command] : command
    return execa(file, rest, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  }
  if (isRoot) {
    const id = async (flag: string) => Number((await execa('id', [flag, 'postgres'])).stdout)
    await chown(folder, await id('-u'), await id('-g'))
  }
  const data = join(folder, 'data')
  const port = await freePort()
  await run('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync')
  const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off`
  const start = async () => {
    await run('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start')
  }
  const stop = async () => {
    await run('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop')
  }
  await start()
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop,
    start,
    async remove() {
      await stop().catch(() => {})
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

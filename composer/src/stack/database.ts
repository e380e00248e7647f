import { setTimeout as delay } from 'node:timers/promises'
import { docker } from './engine.ts'
import { isRole, type LedgerEntry } from './backup-file.ts'

/** The one that core's docker-compose file makes, and who owns it. */
const user = 'postgres'

const psql = (id: string, sql: string, signal?: AbortSignal): Promise<string> =>
  docker(
    [
      'exec',
      '--interactive',
      id,
      'psql',
      '--username',
      user,
      '--no-psqlrc',
      '--quiet',
      '--tuples-only',
      '--no-align',
      '--set',
      'ON_ERROR_STOP=1',
    ],
    { input: sql, signal },
  )

/** What a database has run; none where it was never migrated. */
export async function ledgerOf(id: string): Promise<readonly LedgerEntry[]> {
  const isThere = await psql(id, `select to_regclass('compose.ledger') is not null;`)
  if (isThere.trim() !== 't') return []
  const rows = await psql(
    id,
    `select coalesce(json_agg(json_build_object('plugin', plugin, 'id', id, 'checksum', checksum, 'release', release, 'tag', tag, 'state', state, 'batch', batch) order by id), '[]') from compose.ledger where state <> 'dropped';`,
  )
  return JSON.parse(rows) as LedgerEntry[] // as the query makes it
}

/** The roles that plugins' tables belong to: a dump of one database names them, and does not make them. */
export const rolesOf = async (id: string): Promise<readonly string[]> =>
  (await psql(id, 'select rolname from pg_roles order by rolname;')).split('\n').filter(isRole)

/** Writes all rows as they are at one moment into a file, while the database works. */
export const dump = (id: string, file: string, signal: AbortSignal): Promise<string> =>
  docker(
    ['exec', id, 'pg_dump', '--username', user, '--format=custom', '--lock-wait-timeout=60s', user],
    {
      to: file,
      signal,
    },
  )

/** Brings back what `dump` wrote, into a database that was just made: all of it, or nothing. */
export async function undump(id: string, roles: readonly string[], file: string): Promise<void> {
  await psql(
    id,
    roles
      .map(
        (role) =>
          `do $$ begin if to_regrole('${role}') is null then create role ${role} nologin; end if; end $$;`,
      )
      .join('\n'),
  )
  await docker(
    [
      'exec',
      '--interactive',
      id,
      'pg_restore',
      '--username',
      user,
      '--dbname',
      user,
      '--single-transaction',
      '--exit-on-error',
    ],
    { from: file },
  )
}

/** Waits until the container's own check of its health has succeeded; the first start makes the cluster. */
export async function untilHealthy(id: string): Promise<void> {
  for (;;) {
    const health = await docker([
      'inspect',
      '--format',
      '{{.State.Running}} {{.State.Health.Status}}',
      id,
    ])
    if (health.trim() === 'true healthy') return
    if (health.startsWith('false') || health.includes('unhealthy'))
      await docker(['exec', id, 'pg_isready', '-h', '127.0.0.1'])
    await delay(500)
  }
}

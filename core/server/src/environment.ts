import { existsSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { Problem } from '@bitcartcc/sdk/problem'
import { Refused } from '@bitcartcc/sdk/problem'
import { dataDirOf } from './data-dir.ts'

/** What the program reads from its environment. */
export interface Environment {
  readonly port: number
  readonly host: string
  readonly databaseUrl: string | undefined
  readonly dataDir: string
  /** Addresses of proxies that are believed; those of this machine and of private networks where nobody says. */
  readonly trustedProxies: string | undefined
  readonly all: Readonly<Record<string, string | undefined>>
}

/**
 * Reads PORT, HOST, DATABASE_URL, DATA_DIR and TRUSTED_PROXIES; refuses with start/not-a-port, start/not-an-address and
 * start/not-a-database-url.
 */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const text = env['PORT'] || '3000'
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new Refused([notAPort(text)])
  const trusted = (env['TRUSTED_PROXIES'] ?? '').split(',').map((each) => each.trim())
  const wrong = trusted.filter((each) => each !== '' && !isAddress(each))
  if (wrong.length > 0) throw new Refused([notAnAddress(wrong)])
  const databaseUrl = env['DATABASE_URL'] || undefined
  if (databaseUrl !== undefined && !isDatabaseUrl(databaseUrl))
    throw new Refused([notADatabaseUrl(databaseUrl)])
  return {
    port,
    host: env['HOST'] || '0.0.0.0',
    databaseUrl,
    dataDir: dataDirOf(env),
    trustedProxies: trusted.filter((each) => each !== '').join(',') || undefined,
    all: env,
  }
}

/** As `pg` reads it: a URL, whose host may be left out behind a user, or the path of a socket. */
const isDatabaseUrl = (text: string) =>
  /^(socket:|\/)/.test(text) ||
  (isPostgres(text) && (URL.canParse(text) || URL.canParse(text.replace('@/', '@host/'))))

const isPostgres = (text: string) => /^postgres(ql)?:\/\//.test(text)

/** The text itself may hold a password. */
const notADatabaseUrl = (text: string): Problem => ({
  code: 'start/not-a-database-url',
  says: 'DATABASE_URL is not the address of a PostgreSQL database.',
  facts: [
    [
      'DATABASE_URL',
      isPostgres(text) ? 'cannot be read as a URL' : 'does not begin with postgres://',
    ],
  ],
  kept: 'Nothing was started.',
  fix: [
    'Set it to   postgres://user:password@host:5432/database',
    'with @ : / ? # and % of a password as %40 %3A %2F %3F %23 and %25, or leave it unset for the embedded database.',
  ],
})

/** An address, a network, or one of the words for those of this machine and of private networks. */
function isAddress(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true
  const [address = '', bits, ...more] = text.split('/')
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  return (
    more.length === 0 &&
    most > 0 &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most))
  )
}

const notAnAddress = (wrong: readonly string[]): Problem => ({
  code: 'start/not-an-address',
  says: 'TRUSTED_PROXIES names what is no address.',
  facts: wrong.map((each) => ['TRUSTED_PROXIES', each]),
  kept: 'Nothing was started.',
  fix: ['Write addresses or networks, with commas between them:   10.0.0.5,192.168.7.0/24'],
})

const notAPort = (text: string): Problem => ({
  code: 'start/not-a-port',
  says: 'PORT is not the number of a port.',
  facts: [['PORT', text]],
  fix: ['Set PORT to a number from 0 to 65535, or leave it unset for 3000.'],
})

/** Whether there is a server, or the embedded database was begun: what only looks at it, begins none. */
export const hasDatabase = ({ databaseUrl, dataDir }: Environment): boolean =>
  databaseUrl !== undefined || existsSync(join(dataDir, 'database/rows/PG_VERSION'))

/** Refuses where there is no database to look at. */
export function demandDatabase(environment: Environment): void {
  if (hasDatabase(environment)) return
  const { dataDir } = environment
  throw new Refused([
    {
      code: 'backup/nothing-there',
      says: 'The data folder holds no database yet.',
      facts: [[dataDir, 'DATA_DIR']],
      fix: ['Set DATA_DIR to the folder of the shop, or start the shop once.'],
    },
  ])
}

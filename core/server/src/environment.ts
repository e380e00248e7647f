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

/** Reads PORT, HOST, DATABASE_URL, DATA_DIR and TRUSTED_PROXIES; refuses with start/not-a-port and start/not-an-address. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const text = env['PORT'] || '3000'
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new Refused([notAPort(text)])
  const trusted = (env['TRUSTED_PROXIES'] ?? '').split(',').map((each) => each.trim())
  const wrong = trusted.filter((each) => each !== '' && !isAddress(each))
  if (wrong.length > 0) throw new Refused([notAnAddress(wrong)])
  return {
    port,
    host: env['HOST'] || '0.0.0.0',
    databaseUrl: env['DATABASE_URL'] || undefined,
    dataDir: dataDirOf(env),
    trustedProxies: trusted.filter((each) => each !== '').join(',') || undefined,
    all: env,
  }
}

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

/** A file or folder that belongs to somebody else, or whose disk is read-only; undefined for any other error. */
export function noRight(error: unknown): Problem | undefined {
  if (!(error instanceof Error)) return undefined
  const { code = '', path, message } = error as NodeJS.ErrnoException // Node's file errors carry these
  if (path === undefined || !['EACCES', 'EPERM', 'EROFS'].includes(code)) return undefined
  return {
    code: 'start/no-right',
    says: `This user may not use ${path}.`,
    facts: [['system', message]],
    fix: ['Give this user the right to it, or name another data folder:   DATA_DIR=./data-2'],
  }
}

import { resolve } from 'node:path'
import type { Problem } from '@bitcartcc/sdk/problem'
import { Refused } from '@bitcartcc/sdk/problem'

/** What the program reads from its environment. */
export interface Environment {
  readonly port: number
  readonly host: string
  readonly databaseUrl: string | undefined
  readonly dataDir: string
  readonly all: Readonly<Record<string, string | undefined>>
}

/** Reads PORT, HOST, DATABASE_URL and DATA_DIR; refuses with start/not-a-port. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const text = env['PORT'] || '3000'
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new Refused([notAPort(text)])
  return {
    port,
    host: env['HOST'] || '0.0.0.0',
    databaseUrl: env['DATABASE_URL'] || undefined,
    dataDir: resolve(env['DATA_DIR'] || './data'),
    all: env,
  }
}

const notAPort = (text: string): Problem => ({
  code: 'start/not-a-port',
  says: 'PORT is not the number of a port.',
  facts: [['PORT', text]],
  fix: ['Set PORT to a number from 0 to 65535, or leave it unset for 3000.'],
})

/** Another program listens where we were to. */
export const portInUse = (port: number): Problem => ({
  code: 'start/port-in-use',
  says: `Another program already listens on port ${port}.`,
  fix: [`Stop it, or choose another port:   PORT=${port === 65_535 ? 3001 : port + 1}`],
})

const leastNode = [24, 12] as const

/** A Node that lacks what the distribution was compiled for; undefined where it does not. */
export function olderNode(version: string): Problem | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1])) return undefined
  return {
    code: 'start/older-node',
    says: `This distribution runs on Node ${leastNode.join('.')} or later, and this is Node ${version}.`,
    kept: 'Nothing was started.',
    fix: [
      'Start it with   compose start   which brings its own Node,',
      'or install Node 24, https://nodejs.org, and start it again.',
    ],
  }
}

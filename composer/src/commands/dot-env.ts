import { readFileSync, statSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { Refused } from '@bitcartcc/sdk/problem'
import { envIsAFolder } from '../env/problems.ts'

/** The text of `.env` in the current folder; undefined where there is none. */
export function dotEnvText(): string | undefined {
  const stat = statSync('.env', { throwIfNoEntry: false })
  if (stat?.isDirectory()) throw new Refused([envIsAFolder])
  return stat && readFileSync('.env', 'utf8')
}

/** What it gives a program of the distribution. */
export const dotEnv = (): Record<string, string> =>
  parseEnv(dotEnvText() ?? '') as Record<string, string> // parseEnv gives texts only

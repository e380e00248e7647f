import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

/** The variables of `.env` in the current folder; none where there is no such file. */
export function dotEnv(): Record<string, string> {
  return existsSync('.env')
    ? (parseEnv(readFileSync('.env', 'utf8')) as Record<string, string>) // parseEnv gives texts only
    : {}
}

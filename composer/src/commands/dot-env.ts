import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

/** The text of `.env` in the current folder; empty where there is none. */
export const dotEnvText = (): string => (existsSync('.env') ? readFileSync('.env', 'utf8') : '')

/** What it gives a program of the distribution. */
export const dotEnv = (): Record<string, string> => parseEnv(dotEnvText()) as Record<string, string> // parseEnv gives texts only

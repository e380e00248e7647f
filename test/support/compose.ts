import { join } from 'node:path'
import { execa } from 'execa'

/** The root of the repository. */
export const root = join(import.meta.dirname, '../..')
const bin = join(root, 'composer/compose.mjs')

export interface ComposeRun {
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string
}

interface ComposeOptions {
  readonly cwd: string
  readonly cacheDir: string
  readonly env?: Readonly<Record<string, string>>
  /** Kills the command with SIGKILL; what it started must notice by itself. */
  readonly cancelSignal?: AbortSignal
}

/** Runs `compose` as a person would; a refusal is a value, not an error. */
export async function compose(
  args: readonly string[],
  options: ComposeOptions,
): Promise<ComposeRun> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [bin, ...args], {
    cwd: options.cwd,
    env: { ...plainEnv(), COMPOSE_CACHE_DIR: options.cacheDir, ...options.env },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    ...(options.cancelSignal
      ? { cancelSignal: options.cancelSignal, killSignal: 'SIGKILL' as const }
      : {}),
  })
  return { exitCode, stdout, stderr }
}

/** What a child may know of this machine: no database, no colour, no setting of the one who runs the tests; and the store. */
export function plainEnv(): Record<string, string> {
  const kept = 'PATH HOME TMPDIR LANG SYSTEMROOT TEMP USERPROFILE npm_config_store_dir'.split(' ')
  const found = kept.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value]]
  })
  return { ...Object.fromEntries(found), NO_COLOR: '1' }
}

import { readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { machineNpmrc } from './machine-npm.ts'

const timeoutMs = 300_000

/** Runs our own pnpm; gives what it says where it fails. */
export async function runPnpm(
  folder: string,
  args: readonly string[],
): Promise<string | undefined> {
  // pnpm's front door is its package.json.
  const bin = join(dirname(createRequire(import.meta.url).resolve('pnpm')), 'bin/pnpm.cjs')
  // A file is written to before pnpm ends; of a pipe the end can be lost.
  const log = join(folder, 'pnpm.log')
  // Few builds run another program here: the others need not load what runs it.
  const { execa } = await import('execa')
  const globalConfig = machineNpmrc()
  const run = await execa(
    process.execPath,
    [bin, ...args, '--ignore-scripts', '--reporter=ndjson'],
    {
      cwd: folder,
      // Within `npm --silent` it would keep its reasons to itself.
      env: {
        CI: 'true',
        npm_config_node_linker: 'isolated',
        npm_config_loglevel: 'info',
        ...(globalConfig === undefined ? {} : { npm_config_globalconfig: globalConfig }),
      },
      reject: false,
      stdin: 'ignore',
      stdout: { file: log },
      timeout: timeoutMs,
    },
  )
  const told = readFileSync(log, 'utf8')
  rmSync(log)
  if (!run.failed) return undefined
  return run.timedOut
    ? `it did not end within ${timeoutMs / 1000} s`
    : (errorIn(told) ?? (run.stderr.trim().split('\n').at(-1) || 'it gives no reason'))
}

/** The last error among pnpm's events, a JSON object a line. */
function errorIn(log: string): string | undefined {
  const line = log.split('\n').findLast((each) => each.includes('"level":"error"'))
  if (line === undefined) return undefined
  const { code = '', err } = JSON.parse(line) as {
    readonly code?: string
    readonly err?: { readonly message?: string }
  } // pnpm's own format
  return `${code} ${err?.message ?? ''}`.trim()
}

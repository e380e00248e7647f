import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { root } from './compose.ts'

/** What a whole run leaves there, 0.7 GB at most, and what the machine wants for itself. */
const roomBytes = 3 * 1024 ** 3

/** One folder for a whole run: what is dear to build is built in it once, by whoever needs it first. */
export default function setup(): () => Promise<void> {
  const folder = folderIn('/dev/shm') ?? mkdtempSync(join(tmpdir(), 'compose-test-'))
  // A database server that root starts runs as somebody else, who may pass.
  chmodSync(folder, 0o711)
  process.env['COMPOSE_TEST_FOLDER'] = folder
  // Databases are made and removed by the hundred: a disk is slow at making files where others were just removed.
  process.env['TMPDIR'] = folder
  keepStore()
  // What one test file has compiled, the next one reads.
  process.env['NODE_COMPILE_CACHE'] ??= join(folder, 'compiled')
  return () => rm(folder, { recursive: true, force: true, maxRetries: 5 })
}

/** In memory, where this system lends some as a folder, with room enough, and programs may be run from it. */
function folderIn(memory: string): string | undefined {
  let folder: string | undefined
  try {
    const { bavail, bsize } = statfsSync(memory)
    if (bavail * bsize < roomBytes) return undefined
    folder = mkdtempSync(join(memory, 'compose-test-'))
    const program = join(folder, 'program')
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 })
    execFileSync(program)
    return folder
  } catch {
    if (folder !== undefined) rmSync(folder, { recursive: true })
    return undefined
  }
}

/** From another disk pnpm would begin a store there, in its root: what this house was installed from has the packages. */
function keepStore(): void {
  const installed = readFileSync(join(root, 'node_modules/.modules.yaml'), 'utf8')
  const { storeDir } = JSON.parse(installed) as { storeDir: string } // pnpm's own format
  process.env['npm_config_store_dir'] ??= dirname(storeDir)
}

import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { root } from './compose.ts'

/** What a whole run leaves there, 0.7 GB at most, and what the machine wants for itself. */
const roomBytes = 3 * 1024 ** 3
const prefix = 'compose-test-'
const dayMs = 86_400_000

/** One folder for a whole run: what is dear to build is built in it once, by whoever needs it first. */
export default function setup(): () => Promise<void> {
  const folder = folderIn('/dev/shm') ?? mkdtempSync(join(tmpdir(), prefix))
  // A database server that root starts runs as somebody else, who may pass.
  chmodSync(folder, 0o711)
  process.env['COMPOSE_TEST_FOLDER'] = folder
  // Databases are made and removed by the hundred: a disk is slow at making files where others were just removed.
  process.env['TMPDIR'] = folder
  keepStore()
  // What one test file has compiled, the next one reads.
  process.env['NODE_COMPILE_CACHE'] ??= join(folder, 'compiled')
  const removed = { recursive: true, force: true, maxRetries: 5 }
  // Somebody breaks the run off: their terminal tells each process, and npm tells again, which would end this one at once.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => rmSync(folder, removed))
  return () => rm(folder, removed)
}

/** In memory, where this system lends some as a folder, with room enough, and programs may be run from it. */
function folderIn(memory: string): string | undefined {
  let folder: string | undefined
  try {
    removeLeft(memory)
    const { bavail, bsize } = statfsSync(memory)
    if (bavail * bsize < roomBytes) return undefined
    folder = mkdtempSync(join(memory, prefix))
    const program = join(folder, 'program')
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 })
    execFileSync(program)
    return folder
  } catch {
    if (folder !== undefined) rmSync(folder, { recursive: true })
    return undefined
  }
}

/** A run that was killed leaves its folder, and nobody else gives the memory back: no run lasts a day. */
function removeLeft(memory: string): void {
  for (const name of readdirSync(memory).filter((each) => each.startsWith(prefix))) {
    const left = join(memory, name)
    const { uid, mtimeMs } = statSync(left)
    if (uid === process.getuid?.() && Date.now() - mtimeMs > dayMs)
      rmSync(left, { recursive: true, force: true })
  }
}

/** From another disk pnpm would begin a store there, in its root: what this house was installed from has the packages. */
function keepStore(): void {
  const installed = readFileSync(join(root, 'node_modules/.modules.yaml'), 'utf8')
  const { storeDir } = JSON.parse(installed) as { storeDir: string } // pnpm's own format
  process.env['npm_config_store_dir'] ??= dirname(storeDir)
}

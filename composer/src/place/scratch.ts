import { lstatSync, mkdtempSync, readdirSync, realpathSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const dayMs = 86_400_000

/**
 * Makes a folder for what is thrown away within this run, some tens of megabytes; gives its absolute path.
 *
 * In memory where the system lends some as a folder, with ten times that room, so that no disk writes what nobody reads
 * again; else among the temporary files, as where `TMPDIR` says where those are to be. `prefix` tells whose it is.
 */
export function makeScratch(
  prefix: string,
  { memory = process.env['TMPDIR'] ? undefined : '/dev/shm', roomBytes = 512 * 1024 ** 2 } = {},
): string {
  return (memory && folderIn(memory, prefix, roomBytes)) ?? newFolder(tmpdir(), prefix)
}

const newFolder = (folder: string, prefix: string) =>
  realpathSync(mkdtempSync(join(folder, prefix)))

function folderIn(memory: string, prefix: string, roomBytes: number): string | undefined {
  try {
    removeLeft(memory, prefix)
    const { bavail, bsize } = statfsSync(memory)
    return bavail * bsize < roomBytes ? undefined : newFolder(memory, prefix)
  } catch {
    return undefined // Not this system, or not for this user.
  }
}

/** Nobody gives the memory back of a run that was killed, and none lasts a day. */
function removeLeft(memory: string, prefix: string): void {
  for (const name of readdirSync(memory).filter((each) => each.startsWith(prefix))) {
    const left = join(memory, name)
    // Another run may be removing its own.
    const found = lstatSync(left, { throwIfNoEntry: false })
    const isOurs = found !== undefined && found.uid === process.getuid?.()
    if (isOurs && Date.now() - found.mtimeMs > dayMs) rmSync(left, { recursive: true, force: true })
  }
}

import { createWriteStream, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { lockFolder } from '@bitcartcc/domain/folder-lock'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import {
  contentOf,
  demandEmbedded,
  factsName,
  hashOfFile,
  type BackupFacts,
} from './backup-file.ts'
import { demandDatabase, type Environment } from './environment.ts'
import type { DistributionFolder } from './folder.ts'

export interface BackupCommand {
  readonly from: DistributionFolder
  readonly environment: Environment
  readonly file: string
  readonly print: (text: string) => void
}

/**
 * Writes all that a shop stores into one file: the embedded database, uploads, its secret key; gives the exit status.
 *
 * The file is there whole or not at all, for its owner's eyes. Refuses while a server runs on the data folder, and on
 * PostgreSQL, whose own programs save it.
 */
export async function runBackup({
  from,
  environment,
  file,
  print,
}: BackupCommand): Promise<number> {
  demandEmbedded(environment)
  const { dataDir } = environment
  const target = resolve(file)
  if (existsSync(target)) throw new Refused([fileExists(file)])
  demandDatabase(environment)
  const unlock = holdDatabase(dataDir)
  const part = `${target}.part`
  try {
    const { packTar } = await import('modern-tar/fs')
    const { folders, files } = contentOf(dataDir)
    const own = files.filter((path) => resolve(dataDir, path) !== part)
    const hashes: Record<string, string> = {}
    for (const path of own) hashes[path] = await hashOfFile(join(dataDir, path))
    const facts: BackupFacts = {
      format: 1,
      distribution: from.distribution.name,
      core: from.distribution.core,
      folders,
      files: hashes,
    }
    await pipeline(
      packTar([
        { type: 'content', target: factsName, content: JSON.stringify(facts), mode: 0o600 },
        ...own.map((path) => ({
          type: 'file' as const,
          source: join(dataDir, path),
          target: path,
          mode: 0o600,
        })),
      ]),
      createGzip(),
      createWriteStream(part, { mode: 0o600, flush: true }),
    )
    renameSync(part, target)
    const bytes = statSync(target).size.toLocaleString('en')
    print(
      `Saved ${own.length} files in ${file}, ${bytes} bytes. It holds the secret key: keep it as you keep passwords.\n`,
    )
    return 0
  } finally {
    rmSync(part, { force: true })
    unlock()
  }
}

/** Takes the database for this process; where a server has it, says that it must be stopped for a moment. */
export function holdDatabase(dataDir: string): () => void {
  try {
    return lockFolder(join(dataDir, 'database'))
  } catch (error) {
    if (error instanceof Refused) throw new Refused([serverRuns(error.problems[0]?.facts ?? [])])
    throw error
  }
}

const serverRuns = (facts: NonNullable<Problem['facts']>): Problem => ({
  code: 'backup/server-runs',
  says: 'A server runs on this data folder: what it has not written yet would be missing.',
  facts,
  kept: 'Nothing was read or written.',
  fix: [
    'Stop it, do this again, and start it.',
    'To save a shop that may not stand still, run it on PostgreSQL: DATABASE_URL.',
  ],
})

const fileExists = (file: string): Problem => ({
  code: 'backup/file-exists',
  says: `${file} is there already.`,
  kept: 'It was left as it is.',
  fix: ['Name a file that is not there, or move this one away.'],
})

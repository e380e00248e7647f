import type { Problem } from '@bitcartcc/sdk/problem'
import { unpackedFolder } from '../archive/unpack.ts'
import type { FetchOptions } from '../catalogue/content.ts'
import { manifestOfCommit } from '../git/commit-files.ts'
import { gitFailed } from '../git/problems.ts'
import { commitOf } from '../git/repository.ts'
import type { Release } from '../model/release.ts'
import type { Selection } from '../model/selection.ts'
import { releaseOf } from '../read/manifest-text.ts'

interface FromGit {
  readonly releases: readonly Release[]
  readonly broken: ReadonlyMap<string, readonly Problem[]>
}

/** Reads the manifest of every plugin that the selection takes from a git repository; `commits` are those of the lock. */
export async function gitReleases(
  selection: Selection,
  commits: ReadonlyMap<string, string>,
  options: FetchOptions,
): Promise<FromGit> {
  const releases: Release[] = []
  const broken = new Map<string, readonly Problem[]>()
  for (const asked of selection.plugins) {
    const { name, git } = asked
    if (!git) continue
    const commit = await commitOf(asked, commits.get(name), options)
    if ('code' in commit) {
      broken.set(name, [commit])
      continue
    }
    const text = await manifestOfCommit(commit)
    if (typeof text !== 'string') {
      broken.set(name, [gitFailed(asked, text.because)])
      continue
    }
    const below = git.folder === '' ? '' : `:${git.folder}`
    const source = `git:${git.url}#${commit.id}${below}`
    const read = releaseOf(text, name, `${name} at ${git.revision}`, {
      folder: unpackedFolder(options.cacheDir, source),
      origin: commit.repository,
      isOwn: true,
      commit,
    })
    if ('manifest' in read) releases.push({ ...read, source })
    else broken.set(name, read.problems)
  }
  return { releases, broken }
}

import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { FetchOptions } from '../catalogue/content.ts'
import type { Commit } from '../model/release.ts'
import type { SelectedPlugin } from '../model/selection.ts'
import { gitFailed, revisionNotHere } from './problems.ts'
import { runGit, runGitAfar } from './run-git.ts'

/**
 * Brings the commit of a revision into the cache, where each commit has a repository of its own.
 *
 * `known`, the commit a lock names, is taken instead of the revision: a branch that moved on is not followed before
 * an update. Nothing is checked out.
 */
export async function commitOf(
  asked: SelectedPlugin,
  known: string | undefined,
  { cacheDir, isOffline }: FetchOptions,
): Promise<Commit | Problem> {
  const { git } = asked
  if (!git) throw new Error(`${asked.name} does not come from git`)
  const wanted = known ?? (isCommit(git.revision) ? git.revision : undefined)
  const store = join(cacheDir, 'git')
  if (wanted !== undefined) {
    const repository = join(store, nameOf(git.url, wanted))
    if (existsSync(repository)) return { repository, id: wanted, folder: git.folder }
  }
  if (isOffline) return revisionNotHere(asked)
  const part = join(store, `part-${randomBytes(6).toString('hex')}`)
  mkdirSync(part, { recursive: true })
  try {
    const begun = await runGit(part, ['init', '--bare', '--quiet', '.'])
    if (!begun.isDone) return gitFailed(asked, begun.because)
    const got = await fetchInto(part, git.url, wanted ?? git.revision)
    if ('because' in got) return gitFailed(asked, got.because)
    const repository = join(store, nameOf(git.url, got.id))
    // Another build may have been faster with the same commit.
    if (!existsSync(repository)) renameSync(part, repository)
    return { repository, id: got.id, folder: git.folder }
  } finally {
    rmSync(part, { recursive: true, force: true })
  }
}

async function fetchInto(
  folder: string,
  url: string,
  revision: string,
): Promise<{ readonly id: string } | { readonly because: string }> {
  const fetch = (...what: readonly string[]) =>
    runGitAfar(folder, [
      '-c',
      'fetch.fsckObjects=true',
      'fetch',
      '--quiet',
      '--no-recurse-submodules',
      ...what,
    ])
  const shallow = await fetch('--depth=1', '--no-tags', '--', url, revision)
  if (!shallow.isDone && !isCommit(revision)) return shallow
  // Not every server gives a commit that is no tip by itself.
  const got = shallow.isDone
    ? shallow
    : await fetch('--', url, '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*')
  if (!got.isDone) return got
  const name = shallow.isDone ? 'FETCH_HEAD^{commit}' : `${revision}^{commit}`
  const parsed = await runGit(folder, ['rev-parse', '--verify', '--end-of-options', name])
  return parsed.isDone ? { id: parsed.bytes.toString('utf8').trim() } : parsed
}

export const isCommit = (revision: string): boolean =>
  /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(revision)

const nameOf = (url: string, commit: string) =>
  createHash('sha256').update(`${url} ${commit}`).digest('base64url')

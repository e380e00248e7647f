import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import valid from 'semver/functions/valid.js'
import type { Problem } from '@bitcartcc/sdk/problem'
import { download } from '../catalogue/download.ts'
import type { FetchOptions } from '../catalogue/content.ts'
import { keep } from '../catalogue/store.ts'
import { notHere } from '../catalogue/problems.ts'
import { factsField } from './listed-facts.ts'
import { notAPackage, registryUnreachable } from './problems.ts'

/** One version of an npm package, as its registry tells of it. */
export interface NpmVersion {
  readonly version: string
  readonly url: string
  /** `sha512-…` of the tarball. */
  readonly integrity: string
  /** ISO 8601; undefined where the registry does not say. */
  readonly published: string | undefined
  /** What its package.json says under `bitcartcc`; undefined where it has no such field. */
  readonly facts: unknown
}

const largestBytes = 64 * 1024 * 1024

/** Every version of a package that has a SHA-512; undefined where the registry has no such package. */
export async function versionsOf(
  registry: string,
  name: string,
  { cacheDir, isOffline }: FetchOptions,
): Promise<readonly NpmVersion[] | undefined | Problem> {
  const url = `${registry.replace(/\/+$/, '')}/${name.replace('/', '%2f')}`
  const file = join(cacheDir, 'npm', `${createHash('sha256').update(url).digest('base64url')}.json`)
  if (isOffline && !existsSync(file)) return notHere(url)
  const got = isOffline
    ? { isHere: true as const, bytes: readFileSync(file) }
    : await download(url, largestBytes)
  if (!got.isHere)
    return got.because === 'The server answers 404.'
      ? undefined
      : registryUnreachable(url, got.because)
  const versions = readPackument(got.bytes, registry)
  if (!versions) return notAPackage(url)
  if (!isOffline) keep(file, got.bytes)
  return versions
}

/** Whether a version was there at the end of a day, or at a moment; ISO 8601. Default: it is there now. */
export function isPublishedBy({ published }: NpmVersion, notAfter: string | undefined): boolean {
  if (notAfter === undefined) return true
  const limit = notAfter.includes('T') ? notAfter : `${notAfter}T23:59:59Z`
  return published !== undefined && published <= limit
}

type Table = Readonly<Record<string, unknown>>
const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function readPackument(bytes: Buffer, registry: string): readonly NpmVersion[] | undefined {
  let read: unknown
  try {
    read = JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
  if (!isTable(read) || !isTable(read['versions'])) return undefined
  const times = isTable(read['time']) ? read['time'] : {}
  return Object.entries(read['versions']).flatMap(([version, facts]) => {
    const dist = isTable(facts) && isTable(facts['dist']) ? facts['dist'] : {}
    const { integrity, tarball } = dist
    const isKnown =
      typeof integrity === 'string' &&
      typeof tarball === 'string' &&
      /^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity) &&
      valid(version) === version
    const published = times[version]
    return isKnown
      ? [
          {
            version,
            url: nearRegistry(tarball, registry),
            integrity,
            published: typeof published === 'string' ? published : undefined,
            facts: isTable(facts) ? facts[factsField] : undefined,
          },
        ]
      : []
  })
}

/** A tarball is asked for where the registry was reached: its own name for itself may be another one, behind a proxy. */
function nearRegistry(tarball: string, registry: string): string {
  const [asked, told] = [new URL(registry), new URL(tarball, registry)]
  return told.host === asked.host ? told.href : `${asked.origin}${told.pathname}`
}

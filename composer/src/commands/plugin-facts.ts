import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Problem } from '@bitcartcc/sdk/problem'
import { factDifferences, factsField, listedFacts } from '../npm/listed-facts.ts'
import { otherFacts } from '../npm/problems.ts'
import { shown } from '../views/shown.ts'
import type { PluginAt } from './plugin-at.ts'
import { writing } from './writing.ts'

type Table = Readonly<Record<string, unknown>>

/**
 * What the package.json of a plugin says otherwise than its plugin.yaml. A private one that says nothing goes to no
 * registry, and need not; one that cannot be read is told of by `lock`.
 */
export function factProblems({ release, bytes }: PluginAt): readonly Problem[] {
  const read = packageJsonIn(bytes)
  const said = read?.[factsField]
  if (!read || (said === undefined && read['private'] === true)) return []
  const { version } = release
  const differences = factDifferences(
    {
      ...(isTable(said) ? said : {}),
      version: read['private'] === true ? version : read['version'],
    },
    { ...listedFacts(release.manifest), version },
  )
  return differences.length === 0 ? [] : [otherFacts(`${release.source}/package.json`, differences)]
}

/** Writes into the package.json of a plugin's folder what its plugin.yaml says; gives the file where it was another. */
export async function writeFacts({ release, bytes }: PluginAt): Promise<string | undefined> {
  const read = packageJsonIn(bytes)
  if (!read) return undefined
  const facts = listedFacts(release.manifest)
  const said = read[factsField]
  const next = {
    ...read,
    ...(read['private'] === true ? {} : { version: release.version }),
    [factsField]: facts,
  }
  const isSame = isTable(said) && factDifferences(said, facts).length === 0
  if (isSame && next.version === read['version']) return undefined
  const file = join(release.folder, 'package.json')
  await writing(file, () => writeFileSync(file, `${JSON.stringify(next, null, 2)}\n`))
  return shown(file)
}

function packageJsonIn(bytes: PluginAt['bytes']): Table | undefined {
  try {
    const value: unknown = JSON.parse(bytes.get('package.json')?.toString('utf8') ?? '')
    return isTable(value) ? value : undefined
  } catch {
    return undefined
  }
}

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

import type { Problem } from '@bitcartcc/sdk/problem'
import type { Offered } from '../model/release.ts'
import type { Selection } from '../model/selection.ts'
import { providerNotChosen } from './problems.ts'
import type { Registry } from './registry.ts'

/** A provider that nobody named is never added without a word: the choice among providers is the operator's. */
export function unaskedProviders(
  releases: readonly Offered[],
  registry: Registry,
  selection: Selection,
): readonly Problem[] {
  const named = new Set(selection.plugins.map(({ name }) => name))
  for (const { manifest } of releases)
    for (const name of Object.keys(manifest.requires.plugins ?? {})) named.add(name)
  const told = new Set<string>()
  return releases.flatMap((asker) =>
    Object.entries(asker.manifest.requires.plugins ?? {}).flatMap(([capability, range]) => {
      const providers = registry.providersOf(capability, range)
      if (!providers || told.has(capability)) return []
      const provides = releases.filter((each) => providers.releases.includes(each))
      if (provides.some(({ name }) => named.has(name))) return []
      told.add(capability)
      return [providerNotChosen(capability, asker, providers.releases, selection)]
    }),
  )
}

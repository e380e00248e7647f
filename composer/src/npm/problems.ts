import type { Problem } from '@bitcartcc/sdk/problem'

/** A registry, or a package in it, could not be fetched. */
export const registryUnreachable = (url: string, because: string): Problem => ({
  code: 'sources/registry-unreachable',
  says: `${url} cannot be fetched.`,
  because: [because],
  kept: 'Nothing was built.',
  fix: [
    'Look whether the address of the registry is right and the server is up, and try again.',
    'What was fetched before is enough for   compose build --offline',
  ],
})

/** What a registry gives for a package is none. */
export const notAPackage = (url: string): Problem => ({
  code: 'sources/not-a-package',
  says: `${url} is not what a registry says of a package.`,
  kept: 'Nothing was built.',
  fix: ['Look whether the address is that of an npm registry.'],
})

/** The registry has no such package. */
export const noPackage = (
  shown: string,
  registry: string,
  facts: readonly (readonly string[])[],
): Problem => ({
  code: 'sources/no-package',
  says: `${registry} has no npm package ${shown}.`,
  facts,
  kept: 'Nothing was built.',
  fix: [
    'Look whether the name is right, and whether you may see it without signing in.',
    'Another registry stands under sources:   sources: [{ npm: https://registry.example.com }]',
  ],
})

/** A package is there, and no version of it is a plugin. */
export const noPluginInPackage = (
  shown: string,
  facts: readonly (readonly string[])[],
): Problem => ({
  code: 'sources/no-plugin-in-package',
  says: `The npm package ${shown} holds no plugin.yaml.`,
  facts,
  kept: 'Nothing was built.',
  fix: ['Look whether the name of the package is right: a plugin has its plugin.yaml at the top.'],
})

import type { Problem } from '@bitcartcc/sdk/problem'
import type { Located } from '../model/place.ts'
import type { Platform } from '../model/platform.ts'

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
    'Another registry stands under sources:   sources: [{ npm: https://npm.example.com }]',
  ],
})

/** A package is there, and no version of it says that it is a plugin. */
export const noPluginInPackage = (
  shown: string,
  plugin: string,
  facts: readonly (readonly string[])[],
): Problem => ({
  code: 'sources/no-plugin-in-package',
  says: `No version of the npm package ${shown} says in its package.json what the plugin ${plugin} needs.`,
  facts,
  kept: 'Nothing of it was fetched, and nothing was built.',
  fix: [
    'Look whether the name of the package is right: a plugin has a field bitcartcc there.',
    'Its author writes the field with   compose plugin types   and publishes it again.',
  ],
})

/** What a package.json says of a plugin cannot be read. */
export const unreadableFacts = (shown: string, because: string): Problem => ({
  code: 'sources/unreadable-facts',
  says: `The npm package ${shown} does not say in its package.json what its plugin needs.`,
  because: [because],
  kept: 'Nothing of it was fetched, and nothing was built.',
  fix: ['Its author writes the field with   compose plugin types   and publishes it again.'],
})

type Difference = readonly [key: string, said: string | undefined, meant: string | undefined]
const differenceRows = (differences: readonly Difference[]) =>
  differences.flatMap(([key, said, meant]) => [
    ['package.json', key, said ?? 'is not there'],
    ['plugin.yaml', key, meant ?? 'is not there'],
  ])

/** A package was chosen by what its registry lists, and holds a plugin that says otherwise. */
export const notAsListed = (source: string, differences: readonly Difference[]): Problem => ({
  code: 'lock/not-as-listed',
  says: `${source} holds another manifest than its package.json says.`,
  because: ['It was chosen by what its package.json says, so the choice may not fit it.'],
  facts: differenceRows(differences),
  kept: 'Nothing of it was unpacked or run, and nothing was built.',
  fix: [
    'Its author writes package.json anew with   compose plugin types   and publishes a new version.',
    'Until then, in the selection ask for another version.',
  ],
})

/** A package that says it is a plugin, and holds none. */
export const noManifestInside = (source: string): Problem => ({
  code: 'lock/no-manifest-inside',
  says: `${source} says in its package.json that it is a plugin, and holds no plugin.yaml.`,
  kept: 'Nothing of it was unpacked or run, and nothing was built.',
  fix: [
    'Its author looks whether   files   in package.json lets plugin.yaml out, and publishes a new version.',
    'Until then, in the selection ask for another version.',
  ],
})

/** A plugin's own package.json does not repeat what its plugin.yaml says. */
export const otherFacts = (file: string, differences: readonly Difference[]): Problem => ({
  code: 'check/other-facts',
  says: `${file} does not say what plugin.yaml says.`,
  because: [
    'A registry tells of a plugin by its package.json: with another one, versions would be chosen that do not fit.',
  ],
  facts: differenceRows(differences),
  kept: 'Nothing was written.',
  fix: ['Write it anew:   compose plugin types'],
})

/** A plugin's package.json cannot be read. */
export const badPackageJson = (owner: string): Problem => ({
  code: 'lock/bad-package-json',
  says: `The package.json of ${owner} cannot be read.`,
  kept: 'Nothing was installed.',
  fix: ['Mend it, or ask its author to: it must be one JSON object.'],
})

/** A dependency that is no range of versions. */
export const notARangeOfNpm = (owner: string, name: string, range: string): Problem => ({
  code: 'lock/npm-range',
  says: `${owner} needs the npm package ${name}, and not by a range of versions.`,
  facts: [[`${owner} package.json`, `${JSON.stringify(name)}: ${JSON.stringify(range)}`]],
  kept: 'Nothing was installed.',
  fix: ['Write a range like   ^1.0.0   there: an address, a path or an alias could be any file.'],
})

/** What core gives is not what the plugin was written for. */
export const otherCorePackage = (
  owner: string,
  name: string,
  range: string,
  given: string,
): Problem => ({
  code: 'lock/core-package',
  says: `${owner} was written for ${name} ${range}, and core gives ${name} ${given} to every plugin.`,
  facts: [[`${owner} package.json`, `${JSON.stringify(name)}: ${JSON.stringify(range)}`]],
  kept: 'Nothing was installed.',
  fix: [`Ask its author for a release for ${name} ${given}, or take it out of the selection.`],
})

const needs = (wanted: ReadonlyMap<string, Readonly<Record<string, string>>>) =>
  [...wanted].map(([plugin, ranges]) => [
    plugin,
    Object.entries(ranges)
      .map(([name, range]) => `${name} ${range}`)
      .join(', '),
  ])

/** pnpm could not install what plugins need. */
export const notInstalled = (
  wanted: ReadonlyMap<string, Readonly<Record<string, string>>>,
  because: string,
): Problem => ({
  code: 'lock/npm-install',
  says: 'The npm packages of plugins cannot be installed.',
  because: [`pnpm says: ${because}`],
  facts: needs(wanted),
  kept: 'Nothing was built.',
  fix: [
    'Look whether npm reaches its registry on this machine, and try again.',
    'What was fetched before is enough for   compose build --offline',
  ],
})

/** pnpm's reason where a package has other bytes than were locked. */
export const isNotAsLocked = (because: string): boolean =>
  because.startsWith('ERR_PNPM_TARBALL_INTEGRITY')

/** A registry sends other bytes for a version than it once did. */
export const notAsLocked = (because: string): Problem => ({
  code: 'lock/not-as-locked',
  says: 'The registry sends an npm package that is not the one that was locked.',
  because: [`pnpm says: ${because}`],
  kept: 'Nothing of it was unpacked or run, and nothing was built.',
  fix: [
    'If the lock was changed, by hand or by a merge, take back the one that was committed.',
    'If it was not: a version never changes once it is published. Ask who runs the registry.',
  ],
})

/** A package of a plugin brings machine code, and nobody has said that it may. */
export const nativeAddon = (
  plugin: string,
  { name, via }: { readonly name: string; readonly via: string },
  selection: string,
): Problem => ({
  code: 'lock/native-addon',
  says: `${plugin} brings machine code, which runs on one kind of machine only: the npm package ${name}.`,
  facts: [[plugin, 'package.json', via === name ? name : `${via}, which needs ${name}`]],
  kept: 'Nothing of it was run, and nothing was built.',
  fix: [
    'Ask its author to do without it: a distribution then runs on every machine.',
    `Or grant it by name, in ${selection}; the distribution then runs on machines like this one only:`,
    '  grants:',
    `    ${plugin}: { native: [${via.startsWith('@') ? `'${via}'` : via}] }`,
  ],
})

type AskedPlatforms = Located<readonly Platform[]>
const platformsRow = ({ value, at }: AskedPlatforms) => [
  `${at.file}:${at.line}`,
  `platforms: [${value.join(', ')}]`,
]

/** Machine code that was granted is not there for every platform that the selection names. */
export const notForPlatform = (
  plugin: string,
  via: string,
  lacks: readonly Platform[],
  asked: AskedPlatforms,
): Problem => ({
  code: 'lock/not-for-platform',
  says: `The npm package ${via} of ${plugin} has no machine code for ${lacks.join(' or ')}.`,
  facts: [platformsRow(asked), [plugin, 'package.json', via]],
  kept: 'Nothing of it was run, and nothing was built.',
  fix: [
    `In ${asked.at.file}:${asked.at.line} name only platforms that it is made for, or take ${plugin} out.`,
  ],
})

/** A distribution with machine code is started once after it was built; this machine could not. */
export const notProvedHere = (
  plugin: string,
  via: string,
  machine: string,
  asked: AskedPlatforms,
): Problem => ({
  code: 'lock/not-proved-here',
  says: `${plugin} brings machine code, the npm package ${via}, and none for this machine, which is ${machine}.`,
  because: ['What is built is started once before it is put in its place, and that cannot be.'],
  facts: [platformsRow(asked), [plugin, 'package.json', via]],
  kept: 'Nothing of it was run, and nothing was built.',
  fix: ['Build on a machine of one of those kinds. One build serves all of them.'],
})

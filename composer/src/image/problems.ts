import type { Fact, Problem } from '@bitcartcc/sdk/problem'
import type { Distribution } from '@bitcartcc/sdk/resources'
import { platforms, type Platform } from '../model/platform.ts'

const kept = 'No image was written.'

/** Nothing says what the image stands on. */
export const noBase = (): Problem => ({
  code: 'image/no-base',
  says: 'An image needs a base: the C library that Node links, and a folder for temporary files.',
  kept,
  fix: [
    'Save a small image once, and name it:   --base base.tar',
    '  docker pull debian:13-slim && docker save debian:13-slim --output base.tar',
    '  skopeo copy docker://debian:13-slim oci-archive:base.tar',
  ],
})

export const unknownPlatform = (word: string): Problem => ({
  code: 'image/unknown-platform',
  says: `No image can be made for ${word}.`,
  kept,
  fix: [`Write one of these:   ${platforms.map((each) => `--platform ${each}`).join('   ')}`],
})

/** The selection named other platforms, or a plugin brings machine code for another kind of machine. */
export const notMadeFor = (
  { name, plugins, machines = [], deployment: { platforms } }: Distribution,
  platform: Platform,
): Problem => ({
  code: 'image/other-machine',
  says: platforms
    ? `${name} was built for ${platforms.join(' and ')}, and the image is to be for ${platform}.`
    : `${name} holds machine code for ${machines.join(' and ')}, and the image is to be for ${platform}.`,
  facts: plugins.flatMap((each) => (each.native ?? []).map((it) => [each.name, it])),
  kept,
  fix: platforms
    ? [
        'Name it in the selection, and build again:',
        `  deployment: { platforms: [${[...platforms, platform].toSorted().join(', ')}] }`,
      ]
    : [`Build ${name} on a machine of that kind, and make the image there.`],
})

/** What was named as a base is none, or none that can be read. */
export const notAnImage = (at: string, because: string, facts: readonly Fact[] = []): Problem => ({
  code: 'image/not-an-image',
  says: `${at} is no image: ${because}.`,
  ...(facts.length > 0 ? { facts } : {}),
  kept,
  fix: [
    'Name an OCI image layout, its folder or a tar of it, or what   docker save   wrote, uncompressed.',
  ],
})

/** A part of the base is not what the base says it is. */
export const otherBytes = (at: string, part: string, said: string, found: string): Problem => ({
  code: 'image/other-bytes',
  says: `The ${part} of ${at} is not what the image says it is.`,
  facts: [
    ['image', said],
    ['found', found],
  ],
  kept,
  fix: ['Save or copy the base again. If it stays so, ask where it came from.'],
})

export const tooBig = (at: string, what: string, largest: string): Problem => ({
  code: 'image/too-big',
  says: `${at} is too big for a base: ${what}.`,
  facts: [['largest', largest]],
  kept,
  fix: ['Take a smaller base. Node and the distribution need no more than a C library.'],
})

export const otherPlatform = (
  at: string,
  platform: Platform,
  found: readonly string[],
): Problem => ({
  code: 'image/other-platform',
  says: `${at} holds nothing for ${platform}.`,
  facts: found.map((each) => [at, each]),
  kept,
  fix: [
    `Save it again with   --platform ${platform}   or make the image for what it holds, with --platform.`,
  ],
})

/** More than one image of the base would do. */
export const whichImage = (at: string, names: readonly string[]): Problem => ({
  code: 'image/which-image',
  says: `${at} holds ${names.length} images.`,
  facts: names.map((each) => [at, each]),
  kept,
  fix: ['Save the one that is to be the base alone.'],
})

/** Neither the base nor this machine has the Node that the distribution was proved on. */
export const noRuntime = (
  at: string,
  platform: Platform,
  node: string,
  found: { readonly package: string; readonly version: string | undefined },
): Problem => ({
  code: 'image/no-runtime',
  says: `Node ${node} for ${platform} is neither in ${at} nor on this machine.`,
  facts: [
    ['distribution.json', `node ${node}`],
    [found.package, found.version ?? 'not installed'],
  ],
  kept,
  fix: [`Take a base with that Node:   docker pull --platform ${platform} node:${node}-slim`],
})

/** The base has no library that Node links: it would not start. */
export const lacksLibraries = (at: string, names: readonly string[]): Problem => ({
  code: 'image/lacks-libraries',
  says: `Node cannot start on ${at}: it lacks what Node links.`,
  facts: names.map((each) => [at, `no ${each}`]),
  kept,
  fix: ['Take a base with glibc and libstdc++, such as debian:13-slim; not one with musl.'],
})

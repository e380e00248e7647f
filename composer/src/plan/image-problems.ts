import type { Fact, Problem } from '@bitcartcc/sdk/problem'
import type { Selection } from '../model/selection.ts'
import { kept } from './problems.ts'

/** A foreign image that is not pinned. */
export const imageWithoutDigest = (image: string, fact: Fact, selection: Selection): Problem => ({
  code: 'plan/image-without-digest',
  says: `The image ${image} is named by a tag, and a tag can move.`,
  facts: [fact],
  kept,
  fix: [
    'Pin it in the fragment, as   name@sha256:…',
    `or allow tags, in ${selection.shownAs}:   deployment: { images: tags }`,
  ],
})

/** Images of core that are not pinned, and nobody said that tags will do. */
export const coreImagesWithoutDigest = (
  tags: readonly { readonly name: string; readonly image: string }[],
  { shownAs }: Selection,
): Problem => ({
  code: 'plan/image-without-digest',
  says: 'The images of core are named by tags, and a tag can move.',
  facts: tags.map(({ name, image }) => ['core', name, image]),
  kept,
  fix: [
    `Say that tags will do, in ${shownAs}:   deployment: { images: tags }`,
    `or give each its digest, as   docker buildx imagetools inspect ${tags[0]?.image ?? ''}   prints it:`,
    '  deployment:',
    `    coreImages: { ${tags.map(({ name, image }) => `${name}: '${image}@sha256:…'`).join(', ')} }`,
  ],
})

/** A service runs on one kind of machine, and the distribution is for another as well. */
export const otherPlatform = (
  service: string,
  platform: string,
  fact: Fact,
  { deployment: { platforms }, shownAs }: Selection,
): Problem => ({
  code: 'plan/other-platform',
  says: `${service} runs on ${platform} alone, and the distribution is for ${platforms.value.join(' and ')}.`,
  facts: [
    fact,
    ['selection', `${shownAs}:${platforms.at.line}`, `platforms: [${platforms.value.join(', ')}]`],
  ],
  kept,
  fix: [
    'Take   platform:   out of the fragment, where its image is for all of them.',
    `Where the machines can run a foreign one, say so in ${shownAs}:`,
    '  force:',
    `    services.${service}.platform: ${platform}`,
  ],
})

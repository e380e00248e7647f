import type { Problem } from '@bitcartcc/sdk/problem'
import { coreImage } from '../model/core-images.ts'
import type { Selection } from '../model/selection.ts'
import { isForced } from './document.ts'
import { coreImagesWithoutDigest, imageWithoutDigest, otherPlatform } from './image-problems.ts'
import type { PluginService } from './services.ts'

const isPinned = (image: string) => /@sha256:[0-9a-f]{64}$/.test(image)

/** Images of core's own services, the shared ones included, that are tags where nobody said that tags will do. */
export function coreImageProblems(
  selection: Selection,
  shared: readonly { readonly name: string; readonly image: string }[],
): readonly Problem[] {
  const { images, proxy, coreImages } = selection.deployment
  if (images.value === 'tags') return []
  const own = (['database', proxy.value] as const).flatMap((name) =>
    name === 'none' ? [] : [{ name, image: coreImage(name, coreImages) }],
  )
  const tags = [...own, ...shared].filter(({ image }) => !isPinned(image))
  return tags.length === 0 ? [] : [coreImagesWithoutDigest(tags, selection)]
}

/** An image of a service that is a tag where nobody said that tags will do. */
export function imageProblems(
  own: PluginService['own'],
  image: string,
  selection: Selection,
): readonly Problem[] {
  return selection.deployment.images.value === 'tags' || isPinned(image)
    ? []
    : [imageWithoutDigest(image, own.fact('image'), selection)]
}

/** A service that is bound to one kind of machine, in a distribution for another; what the selection forces is its own affair. */
export function platformProblems(
  { own, name }: PluginService,
  selection: Selection,
): readonly Problem[] {
  const platforms = selection.deployment.platforms.value
  const { platform } = own.values
  if (
    typeof platform !== 'string' ||
    platforms.every((each) => platform === each || platform.startsWith(`${each}/`)) ||
    isForced(`services.${name}.platform`, selection)
  )
    return []
  return [otherPlatform(name, platform, own.fact('platform'), selection)]
}

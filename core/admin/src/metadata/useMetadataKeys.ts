import { shallowRef } from 'vue'
import { request, useTexts } from '@bitcartcc/sdk/vue'
import type { MetadataKey } from '@bitcartcc/sdk/resources'

const keys = shallowRef<readonly MetadataKey[]>([])
let asked: Promise<void> | undefined

/** What plugins call themselves and their keys; read once, since a distribution never changes them. */
export function useMetadataKeys() {
  asked ??= request<readonly MetadataKey[]>('GET', '/api/metadata-keys').then(
    (found) => {
      keys.value = found
    },
    () => {
      asked = undefined
    },
  )
  return {
    pluginTitle: (namespace: string) =>
      useTexts(namespace)(
        keys.value.find((each) => each.plugin === namespace)?.pluginTitle ?? namespace,
      ),
    keyTitle: (namespace: string, key: string) =>
      useTexts(namespace)(
        keys.value.find((each) => each.plugin === namespace && each.key === key)?.title ?? key,
      ),
  }
}

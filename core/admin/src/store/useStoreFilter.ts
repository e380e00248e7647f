import { computed, type ComputedRef, type WritableComputedRef } from 'vue'
import type { Store } from '@bitcartcc/sdk/resources'
import type { Choice } from '@bitcartcc/ui'
import { useLoaded } from '../app/load.ts'
import { useQuery } from '../app/query.ts'
import { mayIn } from '../app/session.ts'
import { t } from '../app/texts.ts'

/** Which store a list is narrowed to, kept in the page's address; nothing to choose, and nothing to name, where there is one store. */
export function useStoreFilter(permission: string): {
  readonly storeId: WritableComputedRef<string>
  readonly options: ComputedRef<readonly Choice[]>
  readonly nameOf: (storeId: string) => string
} {
  const { value: all } = useLoaded<readonly Store[]>(() => '/api/stores')
  const stores = computed(() => (all.value ?? []).filter(({ id }) => mayIn(permission, id)))
  const isOne = computed(() => stores.value.length < 2)
  return {
    storeId: useQuery('store'),
    options: computed(() =>
      isOne.value
        ? []
        : [
            { value: '', title: t('Every store') },
            ...stores.value.map(({ id, name }) => ({ value: id, title: name })),
          ],
    ),
    nameOf: (storeId) =>
      isOne.value ? '' : (stores.value.find(({ id }) => id === storeId)?.name ?? ''),
  }
}

import { ref, shallowRef, type Ref } from 'vue'
import { ApiError, request } from '@bitcartcc/sdk/vue'
import type { BulkReport } from '@bitcartcc/sdk/resources'
import { errorText } from '@bitcartcc/ui'

/** Something to be done with many things, each for itself: one that cannot be done holds up no other. */
export interface Bulk<T> {
  readonly title: string
  readonly text: string
  readonly action: string
  readonly grave?: boolean
  readonly items: readonly T[]
  readonly titleOf: (item: T) => string
  /** What is asked for before it is done. */
  readonly field?: {
    readonly label: string
    readonly hint: string
    readonly maxlength: number
    readonly value: Ref<string>
  }
  /** The operation that takes many, and what it is told besides their ids. */
  readonly path: string
  readonly body: () => object
  /** What is said where all went well. */
  readonly done: (count: number) => string
}

export interface Outcome {
  readonly done: number
  readonly failed: readonly { readonly id: string; readonly title: string; readonly says: string }[]
}

/** As many as the API takes in one request. */
const mostIds = 100

/** Does it, and gives what became of each; `tell` is told how many are over. */
export async function doAll<T extends { readonly id: string }>(
  { items, titleOf, path, body }: Bulk<T>,
  tell: (over: number) => void,
): Promise<Outcome> {
  const says = new Map<string, string>()
  for (let from = 0; from < items.length; from += mostIds) {
    const ids = items.slice(from, from + mostIds).map(({ id }) => id)
    try {
      const { failed } = await request<BulkReport>('POST', path, { ids, ...body() })
      for (const { id, problem } of failed) says.set(id, errorText(new ApiError(problem)))
    } catch (error) {
      for (const id of ids) says.set(id, errorText(error))
    }
    tell(from + ids.length)
  }
  const failed = items.flatMap((item) => {
    const why = says.get(item.id)
    return why === undefined ? [] : [{ id: item.id, title: titleOf(item), says: why }]
  })
  return { done: items.length - failed.length, failed }
}

/** Which rows of a list are chosen, and what is to be done with them; after that none is, and the list is read again. */
export function useBulk<T>(reload: () => Promise<unknown>) {
  const chosen = ref<readonly string[]>([])
  const bulk = shallowRef<Bulk<T> | null>(null)
  async function over() {
    chosen.value = []
    await reload()
  }
  return { chosen, bulk, over }
}

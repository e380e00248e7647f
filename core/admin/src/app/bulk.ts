import { errorText } from '@bitcartcc/ui'

/** Something to be done with many things, each for itself: one that cannot be done holds up no other. */
export interface Bulk<T> {
  readonly title: string
  readonly text: string
  readonly action: string
  readonly grave?: boolean
  readonly items: readonly T[]
  readonly titleOf: (item: T) => string
  readonly work: (item: T) => Promise<unknown>
  /** What is said where all went well. */
  readonly done: (count: number) => string
}

export interface BulkReport {
  readonly done: number
  readonly failed: readonly { readonly title: string; readonly says: string }[]
}

/** Does it one after another, and gives what became of each; `tell` is told how many are over. */
export async function doAll<T>(
  { items, titleOf, work }: Bulk<T>,
  tell: (over: number) => void,
): Promise<BulkReport> {
  const failed: { title: string; says: string }[] = []
  for (const [at, item] of items.entries()) {
    await work(item).catch((error: unknown) =>
      failed.push({ title: titleOf(item), says: errorText(error) }),
    )
    tell(at + 1)
  }
  return { done: items.length - failed.length, failed }
}

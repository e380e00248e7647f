/** Where this page stands: each store has its pages under `/s/ID`, the first one under `/` as well. */
export interface Place {
  /** The store that the address names; null where it names none. */
  readonly storeId: string | null
  /** What the paths of all pages begin with, `/` or `/s/ID/`. */
  readonly base: string
}

/** Reads the path of an address. */
export function placeOf(path: string): Place {
  const storeId = /^\/s\/([\w-]{1,64})(?:\/|$)/.exec(path)?.[1] ?? null
  return { storeId, base: storeId === null ? '/' : `/s/${storeId}/` }
}

export const here: Place = placeOf(location.pathname)

/** Leaves for the same page of another store. */
export function moveTo(storeId: string, path: string): void {
  location.replace(`/s/${storeId}${path}`)
}

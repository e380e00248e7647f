import type { Metadata } from '@bitcartcc/sdk/resources'

/** One note as a form holds it; `was` is what stood there, undefined where it is new. */
export interface Draft {
  key: string
  text: string
  readonly was: unknown
}

/** A value as people read and write it: a text as it stands, all else as JSON. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

/** What a text stands for in the place of a value: JSON where there was other than a text, else the text itself. */
export function valueOf({ text, was }: Pick<Draft, 'text' | 'was'>): unknown {
  if (was === undefined || typeof was === 'string') return text
  try {
    return JSON.parse(text) as unknown // whatever JSON it is
  } catch {
    return text
  }
}

/** Gives the change that leads from the merchant's notes to the drafts: null for each key that is gone. */
export function changeOf(
  before: Metadata[string],
  drafts: readonly Draft[],
): Record<string, unknown> {
  const kept = drafts.filter(({ key }) => key.trim() !== '')
  const now = Object.fromEntries(kept.map((draft) => [draft.key.trim(), valueOf(draft)]))
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(now, key))
  return { ...Object.fromEntries(gone.map((key) => [key, null])), ...now }
}

/** What a list is asked for to find others of which the same is noted; undefined for what is too large to be asked for. */
export function filterOf(namespace: string, key: string, value: unknown): string | undefined {
  const filter = `${namespace}.${key}:${String(value)}`
  const isPlain = ['string', 'number', 'boolean'].includes(typeof value)
  return isPlain && filter.length <= 300 ? filter : undefined
}

/** Parts a filter into what it asks for. */
export function partsOf(filter: string): { readonly name: string; readonly value: string } {
  const at = filter.indexOf(':')
  return { name: filter.slice(0, at), value: filter.slice(at + 1) }
}

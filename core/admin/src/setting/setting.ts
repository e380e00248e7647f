import type { SettingRow } from '@bitcartcc/sdk/resources'
import { t } from '../app/texts.ts'

/** What a form holds of one setting: a text, a number, a switch; a secret starts empty, since its value never comes here. */
export type Draft = string | number | boolean | null

/** Whose value a form sets: that of the whole shop, of a store, of oneself. */
export type Own = 'admin' | 'store' | 'user'

/** Gives the draft a form begins with. */
export function draftOf(row: SettingRow): Draft {
  if (row.isSecret) return ''
  const { value } = row
  if (row.type === 'boolean') return value === true
  if (row.type === 'integer' || row.type === 'number')
    return typeof value === 'number' ? value : null
  return typeof value === 'string' ? value : ''
}

/** Says whether a draft would change what is set; an empty secret changes nothing. */
export function isChanged(row: SettingRow, draft: Draft): boolean {
  return row.isSecret ? draft !== '' : draft !== draftOf(row)
}

/** A choice without a title, as people would write it: `all-or-nothing` is “All or nothing”. */
export function humanised(code: string): string {
  const words = code
    .replaceAll(
      /(\p{Ll})(\p{Lu})/gu,
      (_, end: string, start: string) => `${end} ${start.toLowerCase()}`,
    )
    .replaceAll(/[-_]+/g, ' ')
    .trim()
  return words === '' ? code : words.charAt(0).toUpperCase() + words.slice(1)
}

/** Words where the present value comes from. */
export function originText(origin: string, own: Own = 'admin'): string {
  if (origin === own) return t('Set here')
  const words: Record<string, string> = {
    admin: t('As set for all'),
    env: t('From the environment'),
    selection: t('From the selection'),
    default: t('Default'),
    none: t('Not set'),
  }
  return words[origin] ?? origin
}

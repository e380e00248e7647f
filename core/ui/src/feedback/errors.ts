import { ApiError } from '@bitcartcc/sdk/vue'
import { t } from '../text/texts.ts'

/** Gives the sentence a person should read about what was thrown. */
export function errorText(error: unknown): string {
  if (error instanceof ApiError) return error.problem.detail ?? error.problem.title
  if (error instanceof Error && error.message) return error.message
  return t('Something went wrong. Try again.')
}

/** Gives what the API said about single fields, by the field's name; empty where it said nothing. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {}
  return Object.fromEntries(
    (error.problem.errors ?? []).map(({ field, says }) => [
      field.replace(/^\//, '').replaceAll('/', '.'),
      wordsOf(says),
    ]),
  )
}

/** A pattern says nothing to people; the label and the hint beside the field do. */
const wordsOf = (says: string) => (/pattern/.test(says) ? t('does not have the right form') : says)

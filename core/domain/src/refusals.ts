import { HttpError } from '@bitcartcc/sdk/server'

/** 404: what the address names is not there. */
export const notFound = (what: string) => new HttpError(404, `There is no such ${what}.`)

/** 409: what is there does not allow it. */
export const conflict = (says: string, errors?: readonly { field: string; says: string }[]) =>
  new HttpError(409, says, errors)

/** Runs a delete; 409 where a foreign key of a plugin holds the row, with the plugin's name. */
export async function unlessHeld<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const { code, schema = '' } = error as { code?: string; schema?: string } // pg and PGlite have classes of their own, with the same fields
    const [, plugin] = /^p_(.+)$/.exec(schema) ?? []
    if (code !== '23503' || plugin === undefined) throw error
    throw conflict(
      `The plugin ${plugin.replaceAll('_', '-')} still needs this ${what}: take it out there first.`,
    )
  }
}

/** 422: one field does not fit, and the rule that says so. */
export const unfit = (field: string, says: string) =>
  new HttpError(422, `${field}: ${says}`, [{ field, says }])

/** Text PostgreSQL can store, without surrounding white space. */
export function textOf(
  field: string,
  value: string,
  limits: { readonly min: number; readonly max: number },
): string {
  const text = value.trim()
  if (text.includes('\0')) throw unfit(field, 'must not contain a NUL character')
  if (text.length < limits.min)
    throw unfit(
      field,
      limits.min === 1 ? 'must not be empty' : `must have at least ${limits.min} characters`,
    )
  if (text.length > limits.max) throw unfit(field, `must have at most ${limits.max} characters`)
  return text
}

/** An e-mail address in the one spelling we compare. */
export function emailOf(field: string, value: string): string {
  const email = textOf(field, value, { min: 1, max: 254 }).toLowerCase()
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw unfit(field, 'must be an e-mail address')
  return email
}

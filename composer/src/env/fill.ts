import { randomBytes } from 'node:crypto'
import type { EnvSchema } from '../model/env-schema.ts'
import { envEntries } from './entries.ts'

/** A `.env` with a value for each variable that can be made up and has none; what is there stays, to the byte. */
export function filledEnv(
  text: string,
  { properties }: EnvSchema,
): { readonly text: string; readonly made: readonly string[] } {
  const given = new Set(
    envEntries(text).entries.flatMap(({ name, written }) => (written.trim() === '' ? [] : [name])),
  )
  const made = Object.entries(properties).flatMap(([name, { 'x-generated': length }]) =>
    length === undefined || given.has(name) ? [] : [{ name, line: `${name}=${madeUp(length)}` }],
  )
  let filled = text
  for (const { name, line } of made) {
    // A line that the example left open, commented or not, is filled where it stands.
    const open = new RegExp(`^(?:# )?${name}=[ \\t]*$`, 'm')
    if (open.test(filled)) filled = filled.replace(open, line)
    else filled += `${filled === '' || filled.endsWith('\n') ? '' : '\n'}${line}\n`
  }
  return { text: filled, made: made.map(({ name }) => name) }
}

/** Letters, digits, `-` and `_`: nothing that a reader of .env, a shell or an address would take for its own. */
const madeUp = (length: number) => randomBytes(length).toString('base64url').slice(0, length)

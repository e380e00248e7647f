import { sql, type Context } from '@bitcartcc/sdk/server'
import type { Bitcoin } from '../plugin.gen.ts'
import type { Esplora } from './esplora.ts'
import type { ExtendedKey } from './extended-key.ts'

const mostUsedInARow = 200

/**
 * Gives an address that nobody was given before and nobody has paid to.
 *
 * The index is taken in one statement: two that ask at once get two, and one that is given is never given again.
 * What the merchant's wallet gave out itself is seen on the chain, and passed over.
 */
export async function nextAddress(
  key: ExtendedKey,
  esplora: Esplora,
  { db }: Pick<Context<Bitcoin>, 'db'>,
): Promise<string> {
  for (let tried = 0; tried < mostUsedInARow; tried++) {
    const { index } = await db
      .insertInto('next_indexes')
      .values({ key: key.id, next_index: 1 })
      .onConflict((on) =>
        on.column('key').doUpdateSet({ next_index: sql`next_indexes.next_index + 1` }),
      )
      .returning((row) => row('next_index', '-', 1).as('index'))
      .executeTakeFirstOrThrow()
    const address = key.addressAt(index)
    if (!(await esplora.isUsed(address))) return address
  }
  throw new Error(
    `The next ${mostUsedInARow} addresses of this key are all used: give a key of its own to this store.`,
  )
}

import { sql, type Selectable } from 'kysely'
import type { PaymentAccount, PaymentChoice } from '@bitcartcc/sdk/resources'
import { checkAccount, mergedValues, shownValues, type AccountValues } from './account-values.ts'
import type { Domain } from './domain.ts'
import type { PaymentMethod, PaymentMethods } from './payment-methods.ts'
import { conflict, unfit } from './refusals.ts'
import { open, seal } from './secret-key.ts'
import { storeOrFirst } from './stores.ts'
import type { CoreTables } from './tables.ts'
import type { CoreDb, World } from './world.ts'

type AccountRow = Selectable<CoreTables['payment_accounts']>
/** As much of an account as says whether its method is offered. */
export type AccountState = Pick<AccountRow, 'method' | 'is_enabled'> & { readonly is_set: boolean }
const noFields = { type: 'object', properties: {} }

/** What core itself does with accounts, beyond what the API may. */
export interface PaymentAccounts {
  readonly api: Domain['paymentAccounts']
  /** One of the methods a store takes, the first where none is named; 422 for another, 409 where there is none at all. */
  choose(storeId: string, name: string | undefined): Promise<PaymentMethod>
  /** The same, out of what is offered. */
  chosen(offered: readonly PaymentChoice[], name: string | undefined): PaymentMethod
  /** Undefined where the store has none, or none that can be read. */
  valuesOf(storeId: string, method: string): Promise<AccountValues | undefined>
  /** What the buyers of a store with these accounts may choose. */
  offered(accounts: readonly AccountState[]): readonly PaymentChoice[]
  /** What a store's buyers may choose, by store. */
  offeredBy(
    db: CoreDb,
    storeIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly PaymentChoice[]>>
  /** Keeps for the merchant to see what went wrong; null where it works again. */
  keepFailure(storeId: string, method: string, failure: string | null): Promise<void>
}

/** How each store is paid: which methods it takes, and where the money goes. */
export function createPaymentAccounts(
  world: World,
  methods: PaymentMethods,
  key: Buffer,
  contextFor: Domain['contextFor'],
): PaymentAccounts {
  const { db, log } = world
  const rowOf = (storeId: string, method: string) =>
    db
      .selectFrom('payment_accounts')
      .selectAll()
      .where('store_id', '=', storeId)
      .where('method', '=', method)
      .executeTakeFirst()
  const valuesIn = (row: AccountRow | undefined): AccountValues | undefined => {
    if (row?.sealed == null) return undefined
    const text = open(key, placeOf(row.store_id, row.method), row.sealed)
    if (text !== undefined) return JSON.parse(text) as AccountValues // sealed by set()
    log.warn(`the account of ${row.method} was stored with another secret key`)
    return undefined
  }
  const isOffered = (method: PaymentMethod, account: AccountState | undefined) =>
    method.plugin
      ? account !== undefined && account.is_enabled && account.is_set
      : account?.is_enabled !== false
  const offered: PaymentAccounts['offered'] = (states) =>
    methods.all
      .filter((method) =>
        isOffered(
          method,
          states.find((state) => state.method === method.name),
        ),
      )
      .map(({ name, title }) => ({ name, title }))
  const offeredBy: PaymentAccounts['offeredBy'] = async (within, storeIds) => {
    const rows = await within
      .selectFrom('payment_accounts')
      .select(['store_id', ...stateColumns])
      .where('store_id', 'in', [...storeIds])
      .execute()
    return new Map(
      storeIds.map((storeId) => [storeId, offered(rows.filter((row) => row.store_id === storeId))]),
    )
  }
  const chosen: PaymentAccounts['chosen'] = (choices, name) => {
    const [first] = choices
    if (!first) throw conflict('This store takes no payments at the moment.')
    const found = name === undefined ? first : choices.find((each) => each.name === name)
    if (!found)
      throw unfit('method', `must be one of ${choices.map((each) => each.name).join(', ')}`)
    return methods.get(found.name)
  }
  const show = (method: PaymentMethod, row: AccountRow | undefined): PaymentAccount => {
    const schema = method.plugin?.code.account ?? noFields
    const values = valuesIn(row)
    return {
      method: method.name,
      title: method.title,
      isEnabled: isOffered(method, row && { ...row, is_set: row.sealed !== null }),
      isSet: !method.plugin || values !== undefined,
      schema: plain(schema),
      values: shownValues(schema, values ?? {}),
      failure:
        row?.failure != null && row.failed_at
          ? { says: row.failure, at: row.failed_at.toISOString() }
          : null,
    }
  }
  const list = async (storeId: string) => {
    await storeOrFirst(db, storeId)
    const rows = await db
      .selectFrom('payment_accounts')
      .selectAll()
      .where('store_id', '=', storeId)
      .execute()
    return methods.all.map((method) =>
      show(
        method,
        rows.find((row) => row.method === method.name),
      ),
    )
  }
  /** The whole account that typed values make, checked by its schema and by its method. */
  const check = async (storeId: string, name: string, typed: AccountValues) => {
    const store = await storeOrFirst(db, storeId)
    const { plugin } = methods.get(name)
    if (!plugin) throw unfit('values', 'must be empty: this method needs no account')
    const schema = plugin.code.account
    const values = mergedValues(schema, typed, valuesIn(await rowOf(storeId, name)))
    checkAccount(schema, values)
    const context = await contextFor(plugin.name)
    const rows = await plugin.code.preview(values, { currency: store.currency }, context)
    return { values, rows }
  }
  return {
    api: {
      async offered(storeId) {
        const store = await storeOrFirst(db, storeId)
        return (await offeredBy(db, [store.id])).get(store.id) ?? []
      },
      list,
      preview: async (storeId, method, values) => (await check(storeId, method, values)).rows,
      async set(storeId, name, change) {
        const method = methods.get(name)
        const sealed =
          change.values === undefined
            ? undefined
            : seal(
                key,
                placeOf(storeId, name),
                JSON.stringify((await check(storeId, name, change.values)).values),
              )
        if (method.plugin && sealed === undefined && !valuesIn(await rowOf(storeId, name)))
          throw conflict(`Fill in the account of ${method.title} first.`)
        await storeOrFirst(db, storeId)
        const stored = {
          updated_at: new Date(),
          ...(change.isEnabled === undefined ? {} : { is_enabled: change.isEnabled }),
          ...(sealed === undefined ? {} : { sealed, failure: null, failed_at: null }),
        }
        await world.transaction((tx) =>
          tx.db
            .insertInto('payment_accounts')
            .values({ store_id: storeId, method: name, ...stored })
            .onConflict((on) => on.columns(['store_id', 'method']).doUpdateSet(stored))
            .execute(),
        )
        return list(storeId)
      },
    },
    choose: async (storeId, name) =>
      chosen((await offeredBy(db, [storeId])).get(storeId) ?? [], name),
    chosen,
    valuesOf: async (storeId, method) => valuesIn(await rowOf(storeId, method)),
    offered,
    offeredBy,
    async keepFailure(storeId, method, failure) {
      await db
        .updateTable('payment_accounts')
        .set({
          failure: failure?.replaceAll('\0', '').slice(0, 500) ?? null,
          failed_at: failure === null ? null : sql<Date>`now()`,
        })
        .where('store_id', '=', storeId)
        .where('method', '=', method)
        .$if(failure === null, (query) => query.where('failure', 'is not', null))
        .execute()
    },
  }
}

/** The columns of `AccountState`. */
export const stateColumns = [
  'payment_accounts.method',
  'payment_accounts.is_enabled',
  sql<boolean>`payment_accounts.sealed is not null`.as('is_set'),
] as const

const placeOf = (storeId: string, method: string) => `payment account ${storeId} ${method}`

// TypeBox marks its values with hidden keys; what is shown is the JSON Schema alone.
const plain = (schema: object) => JSON.parse(JSON.stringify(schema)) as Record<string, unknown> // JSON in, JSON out

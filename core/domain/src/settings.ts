import type { SettingDeclaration } from '@bitcartcc/sdk/manifest'
import { choicesOf } from '@bitcartcc/sdk/names'
import { envNameOf } from '@bitcartcc/sdk/names'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import type { Distribution, SettingRow } from '@bitcartcc/sdk/resources'
import type { PluginFacts } from '@bitcartcc/sdk/wiring'
import type { Domain } from './domain.ts'
import { notFound, unfit } from './refusals.ts'
import { open, seal } from './secret-key.ts'
import {
  placeOf,
  readSettingRows,
  storedOf,
  wholeShop,
  writeSettingRow,
  type Owner,
  type SettingRow as StoredRow,
  type StoredSetting,
} from './setting-rows.ts'
import { settingRule, valueOfText } from './setting-values.ts'
import type { World } from './world.ts'

type Stored = ReadonlyMap<string, StoredSetting>
interface Found {
  readonly value: unknown
  readonly origin: 'store' | 'user' | 'admin' | 'env' | 'selection' | 'default' | 'none'
}

export type Settings = Domain['settings'] & {
  /** `ofStore` out of rows that were read with something else of the store. */
  readonly ofStoreRows: (
    plugin: string,
    storeId: string,
    rows: readonly StoredRow[],
  ) => Readonly<Record<string, unknown>>
}

/**
 * Settings of core and of plugins: the value of a store or user wins over the admin's, that over env, env over the selection,
 * the selection over the default.
 */
export function createSettings(
  world: World,
  selected: Distribution['settings'],
  key: Buffer,
): Settings {
  const { db, facts, env, log } = world
  /** The value that was given at a place; undefined where there is none that can be used. */
  const given = (
    stored: Stored,
    place: string,
    declaration: SettingDeclaration,
  ): { readonly value: unknown } | undefined => {
    const row = stored.get(place)
    if (!row) return undefined
    const text = row.isSecret ? open(key, place, row.value) : row.value
    const value: unknown = text === undefined ? undefined : JSON.parse(text)
    // What an older release stored may break a rule of this one.
    if (text !== undefined && settingRule(declaration, value) === undefined) return { value }
    log.warn(
      text === undefined
        ? `the secret ${place} was stored with another secret key`
        : `the stored value of ${place} does not fit its declaration`,
    )
    return undefined
  }
  const find = (
    stored: Stored,
    owner: Owner,
    plugin: string,
    name: string,
    declaration: SettingDeclaration,
  ): Found => {
    if (owner.scope !== 'global' && declaration.scope === owner.scope) {
      const own = given(stored, placeOf(owner, plugin, name), declaration)
      if (own) return { value: own.value, origin: owner.scope }
    }
    const ofAll = given(stored, placeOf(wholeShop, plugin, name), declaration)
    if (ofAll) return { value: ofAll.value, origin: 'admin' }
    const fromEnv = env[envNameOf(plugin, name)]
    if (fromEnv !== undefined && fromEnv !== '')
      return { value: valueOfText(declaration, fromEnv), origin: 'env' }
    const fromSelection = selected[plugin]?.[name]
    if (fromSelection !== undefined) return { value: fromSelection, origin: 'selection' }
    return declaration.default === undefined
      ? { value: undefined, origin: 'none' }
      : { value: declaration.default, origin: 'default' }
  }
  const list = async (owner: Owner) => {
    await known(owner)
    const stored = await readSettingRows(db, owner, undefined)
    return declarationsOf(facts)
      .filter(([, , { scope }]) => owner.scope === 'global' || scope === owner.scope)
      .map(([plugin, name, declaration]) =>
        rowOf(plugin, name, declaration, find(stored, owner, plugin, name, declaration)),
      )
  }
  const valuesOf = async (owner: Owner, plugin: string) =>
    valuesIn(await readSettingRows(db, owner, plugin), owner, plugin)
  const valuesIn = (stored: Stored, owner: Owner, plugin: string) => {
    const found = Object.entries(facts.get(plugin)?.settings ?? {}).map(
      ([name, declaration]) =>
        [name, find(stored, owner, plugin, name, declaration).value] as const,
    )
    return Object.fromEntries(found.filter(([, value]) => value !== undefined))
  }
  const known = async (owner: Owner) => {
    if (owner.scope === 'global') return
    const row = await db
      .selectFrom(`${owner.scope}s`)
      .select('id')
      .where('id', '=', owner.id)
      .executeTakeFirst()
    if (!row) throw notFound(owner.scope)
  }
  const set = async (owner: Owner, plugin: string, name: string, value: unknown) => {
    await known(owner)
    const declaration = facts.get(plugin)?.settings[name]
    if (!declaration || (owner.scope !== 'global' && declaration.scope !== owner.scope))
      throw notFound('setting')
    const rule = value === null ? undefined : settingRule(declaration, value)
    if (rule !== undefined) throw unfit(name, rule)
    const text = JSON.stringify(value)
    const isSecret = declaration.secret === true
    const stored = {
      value: isSecret ? seal(key, placeOf(owner, plugin, name), text) : text,
      isSecret,
    }
    await world.transaction((tx) =>
      writeSettingRow(tx.db, owner, plugin, name, value === null ? undefined : stored),
    )
    return list(owner)
  }
  const store = (id: string): Owner => ({ scope: 'store', id })
  const user = (id: string): Owner => ({ scope: 'user', id })
  return {
    list: () => list(wholeShop),
    set: (plugin, name, value) => set(wholeShop, plugin, name, value),
    of: (plugin) => valuesOf(wholeShop, plugin),
    listOfStore: (id) => list(store(id)),
    setOfStore: (id, plugin, name, value) => set(store(id), plugin, name, value),
    ofStore: (plugin, id) => valuesOf(store(id), plugin),
    ofStoreRows: (plugin, id, rows) => valuesIn(storedOf(store(id), rows), store(id), plugin),
    listOfUser: (id) => list(user(id)),
    setOfUser: (id, plugin, name, value) => set(user(id), plugin, name, value),
    ofUser: (plugin, id) => valuesOf(user(id), plugin),
  }
}

/** Refuses env variables whose value breaks the rule of the setting they give, all of them at once; never prints a value. */
export function checkEnv(facts: ReadonlyMap<string, PluginFacts>, env: World['env']) {
  const problems = declarationsOf(facts).flatMap(([plugin, name, declaration]): Problem[] => {
    const text = env[envNameOf(plugin, name)]
    const rule =
      text === undefined || text === ''
        ? undefined
        : settingRule(declaration, valueOfText(declaration, text))
    return rule === undefined
      ? []
      : [unfitEnv(envNameOf(plugin, name), plugin, declaration.title, rule)]
  })
  if (problems.length > 0) throw new Refused(problems)
}

const declarationsOf = (facts: ReadonlyMap<string, PluginFacts>) =>
  [...facts.values()].flatMap((each) =>
    Object.entries(each.settings).map(
      ([name, declaration]) => [each.name, name, declaration] as const,
    ),
  )

const rowOf = (
  plugin: string,
  key: string,
  declaration: SettingDeclaration,
  { value, origin }: Found,
): SettingRow => ({
  plugin,
  key,
  title: declaration.title,
  type: declaration.type,
  options: optionsOf(declaration),
  format: declaration.format ?? '',
  minimum: declaration.minimum ?? null,
  maximum: declaration.maximum ?? null,
  isSecret: declaration.secret === true,
  isSet: value !== undefined,
  value: declaration.secret ? null : (value ?? null),
  origin,
  description: declaration.description ?? '',
  scope: declaration.scope ?? 'global',
})

const optionsOf = (declaration: SettingDeclaration): SettingRow['options'] => {
  const titles = Array.isArray(declaration.enum) ? {} : declaration.enum
  return (choicesOf(declaration) ?? []).map((value) => ({ value, title: titles?.[value] ?? null }))
}

const unfitEnv = (variable: string, plugin: string, title: string, rule: string): Problem => ({
  code: 'start/setting-unfit',
  says: `${variable} ${rule}.`,
  facts: [[variable, `${plugin}: ${title}`]],
  kept: 'Nothing was started.',
  fix: [`Correct ${variable}, or take it out to use the default.`],
})

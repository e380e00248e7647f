import { envNameOf, type SettingDeclaration } from '@bitcartcc/sdk/manifest'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import type { Distribution, SettingRow } from '@bitcartcc/sdk/resources'
import type { PluginFacts } from '@bitcartcc/sdk/wiring'
import type { Domain } from './domain.ts'
import { notFound, unfit } from './refusals.ts'
import { open, seal } from './secret-key.ts'
import { settingRule, valueOfText } from './setting-values.ts'
import type { World } from './world.ts'

interface Found {
  readonly value: unknown
  readonly origin: 'admin' | 'env' | 'selection' | 'default' | 'none'
}

/** Settings of core and of plugins: the admin's value wins over env, env over the selection, the selection over the default. */
export function createSettings(
  world: World,
  selected: Distribution['settings'],
  key: Buffer,
): Domain['settings'] {
  const { db, facts, env, log } = world
  const readStored = async (plugin?: string) => {
    const rows = await db
      .selectFrom('settings')
      .selectAll()
      .$if(plugin !== undefined, (query) => query.where('plugin', '=', plugin ?? ''))
      .execute()
    return new Map(rows.map((row) => [placeOf(row.plugin, row.key), row]))
  }
  type Stored = Awaited<ReturnType<typeof readStored>>
  const find = (
    stored: Stored,
    plugin: string,
    name: string,
    declaration: SettingDeclaration,
  ): Found => {
    const place = placeOf(plugin, name)
    const row = stored.get(place)
    if (row) {
      const text = row.is_secret ? open(key, place, row.value) : row.value
      const value: unknown = text === undefined ? undefined : JSON.parse(text)
      // What an older release stored may break a rule of this one.
      if (text !== undefined && settingRule(declaration, value) === undefined)
        return { value, origin: 'admin' }
      log.warn(
        text === undefined
          ? `the secret ${place} was stored with another secret key`
          : `the stored value of ${place} does not fit its declaration`,
      )
    }
    const fromEnv = env[envNameOf(plugin, name)]
    if (fromEnv !== undefined && fromEnv !== '')
      return { value: valueOfText(declaration, fromEnv), origin: 'env' }
    const fromSelection = selected[plugin]?.[name]
    if (fromSelection !== undefined) return { value: fromSelection, origin: 'selection' }
    return declaration.default === undefined
      ? { value: undefined, origin: 'none' }
      : { value: declaration.default, origin: 'default' }
  }
  const list = async () => {
    const stored = await readStored()
    return declarationsOf(facts).map(([plugin, name, declaration]) =>
      rowOf(plugin, name, declaration, find(stored, plugin, name, declaration)),
    )
  }
  return {
    list,
    async set(plugin, name, value) {
      const declaration = facts.get(plugin)?.settings[name]
      if (!declaration) throw notFound('setting')
      if (value === null) {
        await world.transaction((tx) =>
          tx.db
            .deleteFrom('settings')
            .where('plugin', '=', plugin)
            .where('key', '=', name)
            .execute(),
        )
        return list()
      }
      const rule = settingRule(declaration, value)
      if (rule !== undefined) throw unfit(name, rule)
      const text = JSON.stringify(value)
      const stored = {
        value: declaration.secret ? seal(key, placeOf(plugin, name), text) : text,
        is_secret: declaration.secret === true,
        updated_at: new Date(),
      }
      await world.transaction((tx) =>
        tx.db
          .insertInto('settings')
          .values({ plugin, key: name, ...stored })
          .onConflict((on) => on.columns(['plugin', 'key']).doUpdateSet(stored))
          .execute(),
      )
      return list()
    },
    async of(plugin) {
      const stored = await readStored(plugin)
      const found = Object.entries(facts.get(plugin)?.settings ?? {}).map(
        ([name, declaration]) => [name, find(stored, plugin, name, declaration).value] as const,
      )
      return Object.fromEntries(found.filter(([, value]) => value !== undefined))
    },
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

const placeOf = (plugin: string, name: string) => `${plugin}.${name}`

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
  options: [...(declaration.enum ?? [])],
  minimum: declaration.minimum ?? null,
  maximum: declaration.maximum ?? null,
  isSecret: declaration.secret === true,
  isSet: value !== undefined,
  value: declaration.secret ? null : (value ?? null),
  origin,
})

const unfitEnv = (variable: string, plugin: string, title: string, rule: string): Problem => ({
  code: 'start/setting-unfit',
  says: `${variable} ${rule}.`,
  facts: [[variable, `${plugin}: ${title}`]],
  kept: 'Nothing was started.',
  fix: [`Correct ${variable}, or take it out to use the default.`],
})

import type { StoreText } from '@bitcartcc/sdk/resources'
import { HttpError } from '@bitcartcc/sdk/server'
import type { PluginFacts } from '@bitcartcc/sdk/wiring'
import { coreTemplates, type MessageName } from './core-templates.ts'
import type { Domain } from './domain.ts'
import { messageFaults, messageOf, type MessageText } from './message-text.ts'
import { checkDeclared } from './plain-json.ts'
import { notFound } from './refusals.ts'
import { storeOrFirst } from './stores.ts'
import { sampleOf, templateFaults, variablesIn, type TemplateFault } from './template-check.ts'
import { overrideOf, templateOf } from './templates.ts'
import type { World } from './world.ts'

type Template = PluginFacts['templates'][string]

export interface StoreTexts {
  readonly api: Domain['texts']
  /** As `render` of the SDK. Throws where a plugin has no such template, or its variables do not fit. */
  render(
    plugin: string,
    name: string,
    variables: object,
    storeId: string | undefined,
  ): Promise<string>
  /** One of core's own messages, in the words of a store. */
  message(name: MessageName, variables: object, storeId: string): Promise<MessageText>
}

/** What core and plugins say to people: as shipped, in the operator's words, or in the store's own. */
export function createStoreTexts(world: World): StoreTexts {
  const { db, facts, dataDir, log } = world
  const templateAt = (plugin: string, name: string): Template | undefined => {
    const templates = facts.get(plugin)?.templates
    return templates && Object.hasOwn(templates, name) ? templates[name] : undefined
  }
  const ownText = async (storeId: string | undefined, plugin: string, name: string) =>
    storeId === undefined
      ? undefined
      : (
          await db
            .selectFrom('store_texts')
            .select('text')
            .where('store_id', '=', storeId)
            .where('plugin', '=', plugin)
            .where('template', '=', name)
            .executeTakeFirst()
        )?.text
  /** The text that counts. What an older release took may not fit the variables of this one: then the next does. */
  const textFor = async (
    storeId: string | undefined,
    plugin: string,
    name: string,
    template: Template,
  ) => {
    const isFit = (text: string | undefined, whose: string): text is string => {
      if (text === undefined) return false
      const [fault] = faultsOf(template, text)
      if (fault)
        log.warn(`the text ${plugin}/${name} of ${whose} cannot be used`, {
          line: fault.line,
          says: fault.says,
        })
      return !fault
    }
    const own = await ownText(storeId, plugin, name)
    if (isFit(own, 'the store')) return { text: own, origin: 'store' as const }
    const operators = await overrideOf(dataDir, plugin, name)
    if (isFit(operators, 'the operator')) return { text: operators, origin: 'operator' as const }
    return { text: template.text, origin: 'shipped' as const }
  }
  const show = async (
    storeId: string,
    plugin: string,
    name: string,
    template: Template,
  ): Promise<StoreText> => {
    const { text, origin } = await textFor(storeId, plugin, name, template)
    return {
      plugin,
      name,
      title: template.title ?? name,
      isMessage: template.isMessage === true,
      text,
      origin,
      shipped: template.text,
      variables: [...variablesIn(template.variables)],
    }
  }
  const list = async (storeId: string) => {
    await storeOrFirst(db, storeId)
    return Promise.all(
      [...facts.values()].flatMap((each) =>
        Object.entries(each.templates).map(([name, template]) =>
          show(storeId, each.name, name, template),
        ),
      ),
    )
  }
  const known = (plugin: string, name: string): Template => {
    const template = templateAt(plugin, name)
    if (!template) throw notFound('text')
    return template
  }
  return {
    api: {
      list,
      async preview(storeId, plugin, name, text) {
        await storeOrFirst(db, storeId)
        const template = known(plugin, name)
        refuseFaults(faultsOf(template, text))
        const sample = sampleOf(template.variables) as object // the schema is one of an object
        return template.isMessage
          ? messageOf(text, sample)
          : { subject: null, text: templateOf(text)(sample) }
      },
      async set(storeId, plugin, name, text) {
        await storeOrFirst(db, storeId)
        const template = known(plugin, name)
        if (text !== null) refuseFaults(faultsOf(template, text))
        await world.transaction(async (tx) => {
          if (text === null) {
            await tx.db
              .deleteFrom('store_texts')
              .where('store_id', '=', storeId)
              .where('plugin', '=', plugin)
              .where('template', '=', name)
              .execute()
            return
          }
          const stored = { text, updated_at: new Date() }
          await tx.db
            .insertInto('store_texts')
            .values({ store_id: storeId, plugin, template: name, ...stored })
            .onConflict((on) => on.columns(['store_id', 'plugin', 'template']).doUpdateSet(stored))
            .execute()
        })
        return list(storeId)
      },
    },
    async render(plugin, name, variables, storeId) {
      const template = templateAt(plugin, name)
      if (!template) throw new Error(`${plugin} declares no template ${name}`)
      checkDeclared(`the variables of ${plugin}/${name}`, template.variables, variables)
      return templateOf((await textFor(storeId, plugin, name, template)).text)(variables)
    },
    async message(name, variables, storeId) {
      const { text } = await textFor(storeId, 'core', name, coreTemplates[name])
      return messageOf(text, variables)
    },
  }
}

function faultsOf(template: Template, text: string): readonly TemplateFault[] {
  if (text.includes('\0')) return [{ line: 1, says: 'has a NUL character' }]
  return template.isMessage
    ? messageFaults(text, template.variables)
    : templateFaults(text, template.variables)
}

function refuseFaults(faults: readonly TemplateFault[]): void {
  if (faults.length === 0) return
  const says = faults.map(({ line, says: why }) => `line ${line} ${why}`)
  throw new HttpError(
    422,
    `This text cannot be used: ${says.join('; ')}`,
    says.map((each) => ({ field: 'text', says: each })),
  )
}

import type { AnyRateProvider, UsedRate } from '@bitcartcc/sdk/server'
import { fullNameOf } from '@bitcartcc/sdk/names'
import type { RateAnswer } from '@bitcartcc/sdk/resources'
import type { RatesWiring } from '@bitcartcc/sdk/wiring'
import type { Domain } from './domain.ts'
import { conflict } from './refusals.ts'
import type { World } from './world.ts'

export interface Rates {
  /** As `core.rates.of` of the SDK. */
  of(base: string, quote: string): Promise<UsedRate>
  /** What each provider says now, in the order they are asked. */
  answers(base: string, quote: string): Promise<readonly RateAnswer[]>
}

interface Provider {
  readonly name: string
  readonly title: string
  readonly plugin: string
  readonly code: AnyRateProvider
}
/** What a provider said last of one pair; with a failure, the rate is the one before it. */
interface Told {
  readonly rate: UsedRate | undefined
  readonly failure: string | undefined
  readonly askedAt: number
}

const longestAskMs = 8_000
/** So long a failure is believed: a shop that is asked a lot asks a server that is down a little. */
const failureMs = 15_000
const mostKept = 1_000
const exactRate = /^(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?$/

/** What currencies cost in others, from the providers of plugins: kept for a short time, and refused where it is too old. */
export function createRates(
  { log }: Pick<World, 'log'>,
  wiring: RatesWiring,
  parts: {
    readonly settings: Pick<Domain['settings'], 'of'>
    readonly contextFor: Domain['contextFor']
  },
): Rates {
  const providers = wiring.providers.map(({ plugin, name, title, provider }): Provider => ({
    name: fullNameOf(plugin, name),
    title,
    plugin,
    code: provider,
  }))
  const told = new Map<string, Told>()
  const asking = new Map<string, Promise<Told>>()
  const askNow = async (
    { name, title, plugin, code }: Provider,
    base: string,
    quote: string,
    before: Told | undefined,
  ): Promise<Told> => {
    const askedAt = Date.now()
    try {
      const context = await parts.contextFor(plugin)
      const signal = AbortSignal.any([context.signal, AbortSignal.timeout(longestAskMs)])
      const found = await code.rate({ base, quote }, { ...context, signal })
      if (!found) return { rate: undefined, failure: 'it has no such rate', askedAt }
      if (!exactRate.test(found.rate) || Number(found.rate) === 0)
        throw new Error(`what it gives is no rate: ${found.rate.slice(0, 40)}`)
      const at = Math.min(Date.parse(found.at ?? new Date(askedAt).toISOString()), askedAt)
      if (Number.isNaN(at)) throw new Error('what it gives has no time')
      const rate = { rate: found.rate, provider: title, at: new Date(at).toISOString() }
      return { rate, failure: undefined, askedAt }
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error)
      log.warn(`${name} gave no rate`, { base, quote, error: failure })
      return { rate: before?.rate, failure, askedAt }
    }
  }
  /** What a provider says, asked again where that is due; whoever asks at the same time gets the same answer. */
  const ask = async (provider: Provider, base: string, quote: string): Promise<Told> => {
    const place = `${provider.name} ${base}/${quote}`
    const before = told.get(place)
    const { rateSeconds } = await parts.settings.of('core')
    const restMs = before?.failure === undefined ? Number(rateSeconds) * 1000 : failureMs
    if (before && Date.now() - before.askedAt < restMs) return before
    const running = asking.get(place)
    if (running) return running
    const answer = askNow(provider, base, quote, before).then((each) => {
      if (told.size >= mostKept) told.clear()
      told.set(place, each)
      asking.delete(place)
      return each
    })
    asking.set(place, answer)
    return answer
  }
  const limitMs = async () => Number((await parts.settings.of('core')).rateLimitSeconds) * 1000
  return {
    async of(base, quote) {
      const limit = await limitMs()
      const all: (Told & { readonly title: string })[] = []
      for (const provider of providers) {
        const each = await ask(provider, base, quote)
        if (each.rate && each.failure === undefined && ageOf(each.rate) <= limit) return each.rate
        all.push({ ...each, title: provider.title })
      }
      const kept = all
        .flatMap(({ rate }) => (rate && ageOf(rate) <= limit ? [rate] : []))
        .toSorted((left, right) => ageOf(left) - ageOf(right))
      if (kept[0]) return kept[0]
      throw conflict(noRate(base, quote, all))
    },
    async answers(base, quote) {
      const limit = await limitMs()
      const all = await Promise.all(
        providers.map(async ({ name, title, ...provider }) => ({
          name,
          title,
          told: await ask({ name, title, ...provider }, base, quote),
        })),
      )
      return all.map(({ name, title, told: { rate, failure } }) => ({
        provider: name,
        title,
        rate: rate?.rate ?? null,
        at: rate?.at ?? null,
        failure: failure ?? (rate && ageOf(rate) > limit ? tooOld(rate) : null),
      }))
    },
  }
}

const ageOf = ({ at }: UsedRate) => Date.now() - Date.parse(at)

const tooOld = ({ at }: UsedRate) => `its rate is too old, of ${at}`

/** What the merchant reads where nobody has a rate that can be used. */
function noRate(
  base: string,
  quote: string,
  all: readonly (Told & { readonly title: string })[],
): string {
  const says = `There is no rate of ${base} in ${quote}`
  if (all.length === 0) return `${says}: no plugin of this shop gives rates.`
  const reasons = all.map(
    ({ title, failure, rate }) => `${title}: ${failure ?? (rate ? tooOld(rate) : 'nothing')}`,
  )
  return `${says}. ${reasons.map((each) => each.replace(/\.$/, '')).join('. ')}.`
}

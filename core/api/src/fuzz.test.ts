import { text } from 'node:stream/consumers'
import { Ajv } from 'ajv'
import addFormatsModule from 'ajv-formats'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { beforeAll, describe, expect, test } from 'vitest'
import { databases } from '@bitcartcc/domain/test-support'
import { HttpProblem } from '@bitcartcc/sdk/resources'
import { count, isLong } from '../../../test/counts.ts'
import { randomFrom, seed } from '../../../test/support/random.ts'
import { openApi } from './openapi.ts'
import { chanceOf, oddValue, valueFor, type Chance, type Schema } from './test-fuzz.ts'
import { requestFor } from './test-requests.ts'
import { distribution, owner, useShop, wiring } from './test-support.ts'

const requests = count(200, 2_000)
const brokenOnPurpose = 'GET /api/plugins/guestbook/break'

interface Media {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>
}
interface Operation {
  readonly parameters: readonly {
    readonly name: string
    readonly in: string
    readonly schema: Schema
  }[]
  readonly requestBody?: Media
  readonly responses: Readonly<Record<string, Media>>
}
const document = JSON.parse(JSON.stringify(openApi(wiring, distribution))) as {
  paths: Record<string, Record<string, Operation>>
} // made above
const operations = Object.entries(document.paths)
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
    ),
  )
  .filter(([key]) => key !== brokenOnPurpose)

const addFormats = addFormatsModule as unknown as (ajv: Ajv) => Ajv // CommonJS whose types and run-time shape disagree
const ajv = addFormats(new Ajv({ strict: false, allErrors: true }))
const fits = (schema: object, value: unknown) =>
  ajv.validate(schema, value) ? undefined : ajv.errorsText()

// The long run asks more, of one database: the short one asks of each.
const asked = isLong ? databases.slice(-1) : databases
describe.each(asked)('on $name', { timeout: 600_000 }, (database) => {
  const shop = useShop({}, database)
  const authorizations: (string | undefined)[] = []

  beforeAll(async () => {
    const administrator = await shop.domain.users.create({ ...owner, permissions: [] })
    const { secret } = await shop.domain.tokens.create(administrator.id, 'All', [])
    const narrow = await shop.domain.tokens.create(administrator.id, 'Few', ['products.manage'])
    const full = `Bearer ${secret}`
    authorizations.push(full, full, full, full, full, `Bearer ${narrow.secret}`, undefined)
  })

  test('whatever is sent, the answer is as documented and nothing breaks', async () => {
    const start = seed()
    const chance = chanceOf(randomFrom(start))
    const wrong: string[] = []
    for (let each = 0; each < requests; each++) {
      const [key, operation] = operations[each % operations.length] ?? []
      if (key === undefined || operation === undefined) continue
      const whole = await requestFor(shop, key, (await shop.domain.users.list())[0])
      const authorization = authorizations[chance.below(authorizations.length)]
      const request = spoiled(whole, operation, chance, authorization)
      const faults = faultsOf(
        operation,
        await wholeAnswer(await shop.app.inject(request), request.payloadAsStream === true),
      )
      if (faults.length > 0)
        wrong.push(`${key}: ${faults.join('; ').slice(0, 600)}\n  ${shownRequest(request)}`)
    }
    expect(wrong, `seed ${start}`).toEqual([])
  })
})

/** The request with some of its parts made up: from nearly right to nonsense. */
function spoiled(
  whole: InjectOptions & { readonly url: string },
  operation: Operation,
  chance: Chance,
  authorization: string | undefined,
): InjectOptions {
  const oddness = chance.of([0, 0.02, 0.1, 0.4])
  const isHonest = chance.next() < 0.6
  const url = `${isHonest ? whole.url : withOddParts(whole.url, chance)}${queryOf(operation, chance, oddness)}`
  const json = operation.requestBody?.content?.['application/json']?.schema
  const headers: Record<string, string> = {
    ...(authorization === undefined ? {} : { authorization }),
    ...(chance.next() < 0.1 ? { 'idempotency-key': chance.of(['once', '', 'k'.repeat(300)]) } : {}),
  }
  const { method, payloadAsStream = false } = whole
  const base = { ...(method === undefined ? {} : { method }), payloadAsStream, url }
  if (method === 'GET') return { ...base, headers }
  if (chance.next() < 0.1) return { ...base, headers, ...oddBody(headers, chance) }
  if (!json) return { ...whole, url, headers: { ...whole.headers, ...headers } }
  const payload = JSON.stringify(valueFor(json, chance, oddness))
  return { ...base, headers: { ...headers, 'content-type': 'application/json' }, payload }
}

const withOddParts = (url: string, chance: Chance) =>
  url
    .split('/')
    .map((part, at) => (at > 2 && chance.next() < 0.5 ? oddPart(chance) : part))
    .join('/')

const oddPart = (chance: Chance) =>
  chance.of([
    '%',
    '%ff',
    '%00',
    '..',
    '%2e%2e',
    '',
    ' ',
    'x'.repeat(65),
    'z'.repeat(5_000),
    '%F0%9F%8D%B5',
    'a%00b',
    'core',
    'null',
  ])

function queryOf(operation: Operation, chance: Chance, oddness: number): string {
  const pairs = operation.parameters
    .filter((each) => each.in === 'query' && chance.next() < 0.6)
    .flatMap(({ name, schema }) => {
      const value = encode(valueFor(schema, chance, oddness))
      return chance.next() < oddness ? [`${name}=${value}`, `${name}=again`] : [`${name}=${value}`]
    })
  if (chance.next() < oddness)
    pairs.push(chance.of(['&&', '%=%', 'a[b]=c', '__proto__=1', 'cursor=MQ', 'limit']))
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

const encode = (value: unknown) => {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return encodeURIComponent(text.toWellFormed().slice(0, 5_000))
}

function oddBody(headers: Readonly<Record<string, string>>, chance: Chance): InjectOptions {
  const type = chance.of([
    'application/json',
    'application/json; charset=utf-16',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/octet-stream',
    'nonsense',
    '',
  ])
  const payload = chance.of([
    '',
    '{',
    '"',
    '\uFEFF{}',
    'null',
    '[]',
    '{"__proto__":{}}',
    '['.repeat(5_000),
    `{"name":"Al","age":3,"deep":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
    `{"name":"${'x'.repeat(1_100_000)}"}`,
    JSON.stringify(oddValue(chance)),
    'a=b',
  ])
  return { headers: { ...headers, ...(type === '' ? {} : { 'content-type': type }) }, payload }
}

interface Answer {
  readonly status: number
  readonly headers: LightMyRequestResponse['headers']
  readonly body: string
}

/** The answer with its body; of a stream that has begun, without. */
async function wholeAnswer(response: LightMyRequestResponse, isStreamed: boolean): Promise<Answer> {
  const { statusCode: status, headers } = response
  if (!isStreamed) return { status, headers, body: response.body }
  const stream = response.stream()
  if (status === 200) stream.destroy()
  return { status, headers, body: status === 200 ? '' : await text(stream) }
}

/** What is wrong with an answer; empty where nothing is. */
function faultsOf({ responses }: Operation, { status, headers, body }: Answer): string[] {
  const type = String(headers['content-type'] ?? '')
  if (status < 300) {
    const media = responses[status]
    if (!media) return [`${status} is not documented`]
    if (media.content?.['text/event-stream'])
      return type === 'text/event-stream; charset=utf-8' ? [] : [`is ${type}`]
    const schema = media.content?.['application/json']?.schema
    if (!schema) return status === 204 && body !== '' ? ['204 with a body'] : []
    const misfit = fits(schema, JSON.parse(body))
    return [
      ...(type === 'application/json; charset=utf-8' ? [] : [`is ${type}`]),
      ...(misfit === undefined ? [] : [misfit]),
    ]
  }
  if (status >= 500) return [`${status} ${body}`]
  if (!type.startsWith('application/problem+json')) return [`${status} as ${type}: ${body}`]
  const problem = JSON.parse(body) as HttpProblem // checked below
  const misfit = fits(HttpProblem, problem)
  const fields = problem.errors ?? []
  return [
    ...(misfit === undefined ? [] : [misfit]),
    ...(problem.status === status ? [] : [`${status} says it is ${problem.status}`]),
    ...(status === 422 && fields.length === 0 ? [`422 names no field: ${problem.detail}`] : []),
    ...(fields.every(({ field, says }) => field !== '' && says !== '')
      ? []
      : [`a field has no name: ${body}`]),
  ]
}

const shownRequest = ({ method, url, headers, payload }: InjectOptions) =>
  [method, JSON.stringify(url), JSON.stringify(headers), JSON.stringify(payload)]
    .map((each) => (each ?? '').slice(0, 300))
    .join(' ')

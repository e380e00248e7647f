import { createServer } from 'node:http'
import { FakeEsplora, type Trouble } from './fake-esplora.ts'

/**
 * The fake as a program, for tests that enter by the front door: prints the address of its API, and one where it is told what happens.
 *
 *     POST /pay { "address": "…", "satoshi": 1000 } · /mine { "blocks": 1 } · /replace · /drop · /reorganise · /trouble
 */
const fake = new FakeEsplora()
interface Told {
  readonly id: string
  readonly address: string
  readonly satoshi: number
  readonly blocks: number
  readonly depth: number
  readonly trouble: Trouble
}
const verbs: Readonly<Record<string, (told: Told) => unknown>> = {
  pay: ({ address, satoshi }) => fake.pay(address, satoshi),
  mine: ({ blocks }) => fake.mine(blocks),
  replace: ({ id, address, satoshi }) => fake.replace(id, address, satoshi),
  drop: ({ id }) => fake.drop(id),
  reorganise: ({ depth }) => fake.reorganise(depth),
  trouble: ({ trouble }) => (fake.trouble = trouble),
}
const control = createServer((request, response) => {
  let text = ''
  request.on('data', (chunk: Buffer) => (text += chunk.toString()))
  request.on('end', () => {
    const verb = verbs[(request.url ?? '').slice(1)]
    const answer = verb?.(JSON.parse(text || '{}') as Told) ?? null // the test's own words
    response.writeHead(verb ? 200 : 404).end(JSON.stringify(answer))
  })
})
const [apiPort, controlPort] = process.argv.slice(2).map(Number)
const api = await fake.listen(apiPort)
control.listen(controlPort ?? 0, '127.0.0.1', () => {
  const at = control.address()
  const port = at !== null && typeof at === 'object' ? at.port : 0
  process.stdout.write(`${JSON.stringify({ api, control: `http://127.0.0.1:${port}` })}\n`)
})

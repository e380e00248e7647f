import type { Plugin } from 'vite'
import { beginningWith, exactly } from './hook-filter.ts'

const left = new Map([
  [
    '@bitcartcc/api/compilers',
    'export const compileNow = () => { throw new Error("validators.js is missing from this distribution") }',
  ],
  ['@fastify/ajv-compiler', 'export default () => () => () => true'],
  [
    '@fastify/fast-json-stringify-compiler',
    'export default { SerializerSelector: () => () => JSON.stringify }\nexport const SerializerSelector = () => () => JSON.stringify',
  ],
  // Schedules are of cron, and a manifest may say nothing else.
  [
    'rrule-temporal',
    'export class RRuleTemporal { constructor() { throw new Error("this distribution knows schedules of cron alone") } }',
  ],
  // Fastify's requests without a network, for tests.
  [
    'light-my-request',
    'export default () => { throw new Error("this distribution is asked over a network alone") }',
  ],
  // Fastify asks for it at each start, and only a server of HTTP/2 uses it.
  ['node:http2', 'export default {}'],
  // Handlebars takes its own, smaller writer where there is none.
  ['source-map', 'export default {}'],
])
const prefix = '\0left-out/'

/** Leaves out what a distribution has no use for: what only running from source needs, and abilities that nobody asks for. */
export const lightServer: Plugin = {
  name: 'compose:light-server',
  enforce: 'pre',
  resolveId: { filter: { id: exactly(left.keys()) }, handler: (id) => prefix + id },
  load: {
    filter: { id: beginningWith(prefix) },
    handler: (id) => left.get(id.slice(prefix.length)),
  },
}

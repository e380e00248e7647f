import type { Plugin } from 'vite'

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
])
const prefix = '\0left-out/'

/** Leaves out what only running from source needs: the compilers of validators and serialisers. */
export const lightServer: Plugin = {
  name: 'compose:light-server',
  enforce: 'pre',
  resolveId: (id) => (left.has(id) ? prefix + id : undefined),
  load: (id) => (id.startsWith(prefix) ? left.get(id.slice(prefix.length)) : undefined),
}

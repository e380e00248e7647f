import { createRequire } from 'node:module'
import { Ajv, type Options } from 'ajv'
import addFormatsModule from 'ajv-formats'
import standaloneModule from 'ajv/dist/standalone/index.js'
import buildSerializerModule from 'fast-json-stringify'
import type { CompiledSchemas, Serialize, Validate } from './compiled.ts'
import type { RouteSchema } from './schemas.ts'
import { serializerSchema } from './serializer-schema.ts'

// CommonJS modules whose types and run-time shapes disagree under Node's own loader.
const addFormats = addFormatsModule as unknown as (ajv: Ajv) => Ajv // see above
const standalone = standaloneModule as unknown as (
  ajv: Ajv,
  names: Record<string, string>,
) => string // see above
const buildSerializer = buildSerializerModule as unknown as {
  (schema: unknown): Serialize
  (schema: unknown, options: { mode: 'standalone' }): string
} // see above

/** A body is JSON and keeps its types; params and query are text, and are read as what the schema asks for. */
function ajvFor(part: RouteSchema['part'], code: Options['code']): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    useDefaults: true,
    coerceTypes: part === 'body' ? false : 'array',
    ...(code ? { code } : {}),
  })
  return addFormats(ajv)
}

/** Compiles schemas in this process: for running from source, where nothing was compiled ahead of time. */
export function compileNow(schemas: readonly RouteSchema[]): CompiledSchemas {
  const ajvs = { body: ajvFor('body', undefined), text: ajvFor('query', undefined) }
  const validators: Record<string, Validate> = {}
  const serializers: Record<string, Serialize> = {}
  for (const { id, part, schema } of schemas)
    if (part === 'returns') serializers[id] = buildSerializer(serializerSchema(plain(schema)))
    else validators[id] = (part === 'body' ? ajvs.body : ajvs.text).compile(plain(schema))
  return { validators, serializers }
}

/**
 * Gives the text of `validators.js`: every validator and serialiser as plain functions, an ES module.
 *
 * It imports the run-time helpers of ajv, ajv-formats and fast-json-stringify; the composer bundles them in.
 */
export function compileAhead(schemas: readonly RouteSchema[]): string {
  const imports = new Map<string, string>()
  const resolve = createRequire(import.meta.url).resolve
  const importOf = (specifier: string) => {
    const name = imports.get(specifier) ?? `imported${imports.size}`
    imports.set(specifier, name)
    return name
  }
  const hoisted = (code: string) =>
    code.replaceAll(/require\(["']([^"']+)["']\)/g, (_, specifier: string) => importOf(specifier))
  const parts: string[] = []
  for (const group of ['body', 'text'] as const) {
    const own = schemas.filter(
      ({ part }) => part !== 'returns' && (part === 'body') === (group === 'body'),
    )
    const ajv = ajvFor(group === 'body' ? 'body' : 'query', { source: true, esm: false })
    const names = Object.fromEntries(
      own.map(({ id, schema }, at) => {
        ajv.addSchema(plain(schema), id)
        return [`v${at}`, id]
      }),
    )
    if (own.length === 0) continue
    parts.push(
      `const ${group} = (() => { const exports = {}; const module = { exports };`,
      hoisted(standalone(ajv, names)),
      'return exports })()',
    )
    parts.push(
      ...Object.entries(names).map(
        ([name, id]) => `validators[${JSON.stringify(id)}] = ${group}.${name}`,
      ),
    )
  }
  for (const { id, schema } of schemas.filter(({ part }) => part === 'returns'))
    parts.push(
      `serializers[${JSON.stringify(id)}] = (() => { const module = { exports: {} };`,
      hoisted(buildSerializer(serializerSchema(plain(schema)), { mode: 'standalone' })),
      'return module.exports })()',
    )
  const heads = [...imports].map(
    ([specifier, name]) =>
      `import * as ${name}Namespace from ${JSON.stringify(resolvedPath(resolve, specifier))}\nconst ${name} = exportsOf(${name}Namespace)`,
  )
  return [
    exportsOf,
    ...heads,
    'export const validators = {}',
    'export const serializers = {}',
    ...parts,
    '',
  ].join('\n')
}

// What require() would give; Node and each bundler show a CommonJS module to an import in their own way.
const exportsOf = `const exportsOf = (module) =>
  module.default === undefined || (module.__esModule && !module.default.__esModule) ? module : module.default`

const resolvedPath = (resolve: (specifier: string) => string, specifier: string): string => {
  try {
    return resolve(specifier)
  } catch {
    return specifier
  }
}

// TypeBox marks its values with hidden keys; what is compiled is the JSON Schema alone.
const plain = (schema: object): object => JSON.parse(JSON.stringify(schema)) as object // JSON in, JSON out

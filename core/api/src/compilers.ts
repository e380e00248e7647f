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
function ajvFor(group: 'body' | 'text', code: Options['code']): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    useDefaults: true,
    coerceTypes: group === 'body' ? false : 'array',
    ...(code ? { code } : {}),
  })
  return addFormats(ajv)
}

/** Compiles schemas in this process: for running from source, where nothing was compiled ahead of time. */
export function compileNow(schemas: readonly RouteSchema[]): CompiledSchemas {
  const ajvs = { body: ajvFor('body', undefined), text: ajvFor('text', undefined) }
  const validators: Record<string, Validate> = {}
  const serializers: Record<string, Serialize> = {}
  for (const part of ['body', 'text', 'returns'] as const)
    for (const { schema, ids } of distinct(schemas, part)) {
      if (part === 'returns') {
        const serialize = buildSerializer(serializerSchema(schema))
        for (const id of ids) serializers[id] = serialize
      } else {
        const validate = ajvs[part].compile(schema)
        for (const id of ids) validators[id] = validate
      }
    }
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
  const named = (kind: string, ids: readonly string[], name: string) =>
    parts.push(...ids.map((id) => `${kind}[${JSON.stringify(id)}] = ${name}`))
  for (const group of ['body', 'text'] as const) {
    const own = distinct(schemas, group)
    if (own.length === 0) continue
    // Whoever bundles it makes it short: the bytes come out the same, and ajv takes twice as long for it.
    const ajv = ajvFor(group, { source: true, esm: false, optimize: false })
    const names = Object.fromEntries(
      own.map(({ schema }, at) => {
        ajv.addSchema(schema, `${at}`)
        return [`v${at}`, `${at}`]
      }),
    )
    parts.push(
      `const ${group} = (() => { const exports = {}; const module = { exports };`,
      hoisted(standalone(ajv, names)),
      'return exports })()',
    )
    for (const [at, { ids }] of own.entries()) named('validators', ids, `${group}.v${at}`)
  }
  for (const [at, { schema, ids }] of distinct(schemas, 'returns').entries()) {
    parts.push(
      `const s${at} = (() => { const module = { exports: {} };`,
      hoisted(buildSerializer(serializerSchema(schema), { mode: 'standalone' })),
      'return module.exports })()',
    )
    named('serializers', ids, `s${at}`)
  }
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

/**
 * The schemas of a group, each that differs once, with the ids of all that say the same: every route of an invoice answers with
 * one, and most have the same parameters.
 */
function distinct(
  schemas: readonly RouteSchema[],
  group: 'body' | 'text' | 'returns',
): readonly { readonly schema: object; readonly ids: readonly string[] }[] {
  const own = schemas.filter(
    ({ part }) => (part === 'params' || part === 'query' ? 'text' : part) === group,
  )
  // TypeBox marks its values with hidden keys; what is compiled is the JSON Schema alone.
  return [...Map.groupBy(own, ({ schema }) => JSON.stringify(schema))].map(([text, same]) => ({
    schema: JSON.parse(text) as object, // JSON in, JSON out
    ids: same.map(({ id }) => id),
  }))
}

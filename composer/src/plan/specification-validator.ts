import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { compileFunction } from 'node:vm'
import type { Ajv, ValidateFunction } from 'ajv'
import type formats from 'ajv-formats'
import type standalone from 'ajv/dist/standalone/index.js'
import type { Cache } from '../cache/cache.ts'
import { hashOf } from '../cache/hash.ts'
import { ownCache } from '../cache/own-cache.ts'
import { composerFolder, packageFolder, versionIn } from '../house.ts'

const require = createRequire(import.meta.url)
const options = {
  strict: false,
  allErrors: true,
  validateSchema: false,
  // A fifth less code, which is compiled anew in each process.
  inlineRefs: false,
  code: { source: true },
}
let known: ValidateFunction | undefined

/**
 * Holds a document against the schema of the Compose Specification; all errors are told.
 *
 * Compiling the schema takes longer than merging a hundred fragments: the code that comes out is kept for every build on this
 * machine, and made where the first fragment asks for it.
 */
export function specificationValidator(): ValidateFunction {
  return (known ??= run(validatorCode(ownCache())))
}

/** The code of that validator, taken from a cache or put into it. */
export function validatorCode(cache: Cache): string {
  const file = join(import.meta.dirname, '../compose-spec/compose-spec.json')
  const schema = readFileSync(file, 'utf8')
  const key = `compose-spec-${hashOf(schema, JSON.stringify(options), ...['ajv', 'ajv-formats'].map(versionOf)).slice(7)}`
  const kept = cache.get(key)?.get('validator')
  const code = kept === undefined ? codeOf(schema) : Buffer.from(kept).toString('utf8')
  if (kept === undefined) cache.put(key, new Map([['validator', Buffer.from(code)]]))
  return code
}

/** What compiles it is loaded here alone, for it is seldom asked. */
function codeOf(schema: string): string {
  const compiler = (require('ajv') as { readonly Ajv: typeof Ajv }).Ajv // loaded by name
  const allFormats = (require('ajv-formats') as typeof formats).default // loaded by name
  const codeIn = (require('ajv/dist/standalone') as typeof standalone).default // loaded by name
  const ajv = new compiler(options)
  allFormats(ajv)
  return codeIn(ajv, ajv.compile(JSON.parse(schema) as object)) // the specification's own
}

/** Runs a module as ajv writes it. */
function run(code: string): ValidateFunction {
  const module = { exports: undefined as unknown }
  const load = compileFunction(code, ['module', 'require'])
  load(module, require)
  return module.exports as ValidateFunction // what `standalone` exports
}

function versionOf(name: string): string {
  const folder = packageFolder(composerFolder, name)
  if (folder === undefined) throw new Error(`${name} is not installed`)
  return versionIn(folder)
}

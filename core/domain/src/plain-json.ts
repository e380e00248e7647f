import * as Schema from 'typebox/schema'

/** Throws where a value would not come back from the queue as it went in. */
export function checkPlainJson(what: string, value: unknown, path = '') {
  const wrong = (kind: string): never => {
    throw new Error(`${what}${path} is ${kind}: only plain JSON survives the queue`)
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : wrong(String(value))
  if (typeof value !== 'object') return wrong(typeof value)
  if (Array.isArray(value))
    return value.forEach((each, index) => checkPlainJson(what, each, `${path}[${index}]`))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null)
    return wrong(`a ${value.constructor.name}`)
  for (const [key, each] of Object.entries(value))
    if (each !== undefined) checkPlainJson(what, each, `${path}.${key}`)
}

/** Throws where a value does not fit the JSON Schema its plugin declares. */
export function checkDeclared(what: string, schema: object, value: unknown) {
  if (Schema.Check(schema, value)) return
  const [, [first]] = Schema.Errors(schema, value)
  throw new Error(
    `${what} does not fit its declaration: ${first ? `${first.instancePath || '/'} ${first.message}` : 'unknown reason'}`,
  )
}

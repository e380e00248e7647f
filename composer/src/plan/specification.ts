import type { ErrorObject } from 'ajv'
import { specificationValidator } from './specification-validator.ts'

export interface Departure {
  readonly path: readonly string[]
  /** `must be an integer`. */
  readonly says: string
}

/** Where a document leaves the Compose Specification: of each path that does, the deepest place. */
export function departures(document: unknown): readonly Departure[] {
  const validate = specificationValidator()
  if (validate(document)) return []
  const errors = validate.errors ?? []
  const deepest = errors.filter(
    (each) =>
      !errors.some(({ instancePath }) => instancePath.startsWith(`${each.instancePath}/`)) ||
      each.keyword === 'additionalProperties',
  )
  return [...Map.groupBy(deepest, keyOf).values()].map((same) => ({
    path: pathOf(same[0]),
    says:
      [...new Set(same.map(textOf))].filter((each) => each !== '').join(' or ') || 'fits no form',
  }))
}

const keyOf = (error: ErrorObject) => pathOf(error).join('/')

function pathOf(error: ErrorObject | undefined): readonly string[] {
  if (!error) return []
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((each) => each.replaceAll('~1', '/').replaceAll('~0', '~'))
  const { additionalProperty } = error.params as { readonly additionalProperty?: string } // as ajv names it
  return additionalProperty === undefined ? path : [...path, additionalProperty]
}

function textOf({ keyword, message = '' }: ErrorObject): string {
  if (keyword === 'oneOf' || keyword === 'anyOf') return ''
  return keyword === 'additionalProperties' ? 'is no key there' : message
}

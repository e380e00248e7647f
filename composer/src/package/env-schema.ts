import type { EnvProperty, EnvSchema } from '../model/env-schema.ts'
import type { EnvVariable, Plan } from '../model/plan.ts'

/** The contract of the environment: all variables of core and of plugins, sorted. */
export const envSchema = ({ name, env }: Plan): EnvSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: `Environment of ${name}`,
  type: 'object',
  properties: Object.fromEntries(env.map((each) => [each.name, propertyOf(each)])),
  required: env.filter(({ required }) => required).map((each) => each.name),
  patternProperties: { '^(COMPOSE|DOCKER)_': {} },
  additionalProperties: false,
})

const propertyOf = (variable: EnvVariable): EnvProperty => ({
  type: 'string',
  title: variable.title,
  'x-owner': variable.owner,
  ...(variable.default === undefined ? {} : { default: variable.default }),
  ...variable.shape,
  ...(variable.secret ? { writeOnly: true } : {}),
  ...(variable.generated === undefined ? {} : { 'x-generated': variable.generated }),
  ...(variable.isForDocker ? { 'x-docker-only': true } : {}),
})

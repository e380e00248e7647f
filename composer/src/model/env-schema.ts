/** `env.schema.json` of a distribution: every variable that an operator may set, as a JSON Schema of texts. */
export interface EnvSchema {
  readonly $schema: string
  readonly title: string
  readonly type: 'object'
  readonly properties: Readonly<Record<string, EnvProperty>>
  /** Those without which nothing starts; of docker-compose alone where the property says so. */
  readonly required: readonly string[]
  /** What docker-compose and the engine read for themselves. */
  readonly patternProperties: Readonly<Record<string, object>>
  readonly additionalProperties: false
}
export interface EnvProperty {
  readonly type: 'string'
  readonly title: string
  /** `core`, or the plugin. */
  readonly 'x-owner': string
  readonly default?: string
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly minLength?: number
  /** A secret. */
  readonly writeOnly?: true
  /** `compose env` makes one of so many characters. */
  readonly 'x-generated'?: number
  /** Needed by docker-compose alone. */
  readonly 'x-docker-only'?: true
}

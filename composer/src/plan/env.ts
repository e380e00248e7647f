import type { Manifest, SettingDeclaration } from '@bitcartcc/sdk/manifest'
import { choicesOf } from '@bitcartcc/sdk/names'
import { envNameOf, serviceTokenName } from '@bitcartcc/sdk/names'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { EnvVariable } from '../model/plan.ts'
import type { Release } from '../model/release.ts'
import type { Selection } from '../model/selection.ts'
import { mergedName } from './merged-name.ts'
import { sameVariable } from './setting-problems.ts'

/** Every variable an operator may set, sorted by name. */
export const planEnv = (
  selection: Selection,
  releases: readonly Release[],
): readonly EnvVariable[] =>
  [...coreVariables(selection), ...releases.flatMap((each) => ofPlugin(selection, each))].toSorted(
    (a, b) => (a.name < b.name ? -1 : 1),
  )

const coreVariables = ({ deployment: { database } }: Selection): readonly EnvVariable[] => [
  {
    name: 'DATABASE_URL',
    owner: 'core',
    title:
      database.value === 'embedded'
        ? 'PostgreSQL to use instead of the embedded database'
        : 'PostgreSQL to use; docker compose brings its own',
    required: false,
    secret: true,
    takes: 'postgres://user:password@host:5432/name',
  },
  {
    name: 'POSTGRES_PASSWORD',
    owner: 'core',
    title: 'Password of the database that docker compose brings',
    required: true,
    secret: true,
    generated: 32,
    isForDocker: true,
  },
  {
    name: 'SECRET_KEY',
    owner: 'core',
    title: 'Key under which secrets are stored; made and kept in the data folder if not given',
    required: false,
    secret: true,
    takes: 'at least 32 characters',
    shape: { minLength: 32 },
  },
  {
    name: 'DATA_DIR',
    owner: 'core',
    title: 'Folder for files, and for the embedded database',
    required: false,
    secret: false,
    default: './data',
  },
  {
    name: 'HOST',
    owner: 'core',
    title: 'Address to listen on',
    required: false,
    secret: false,
    default: '0.0.0.0',
  },
  {
    name: 'PORT',
    owner: 'core',
    title: 'Port to listen on',
    required: false,
    secret: false,
    default: '3000',
    shape: { pattern: String.raw`^-?\d+$` },
  },
  {
    name: 'TRUSTED_PROXIES',
    owner: 'core',
    title: 'Proxies whose X-Forwarded-… are believed',
    required: false,
    secret: false,
    default: 'loopback,uniquelocal',
    takes: 'addresses and networks, with commas between them',
  },
]

const ofPlugin = (selection: Selection, { name, manifest }: Release): readonly EnvVariable[] => [
  ...tokensOf(name, manifest),
  ...settingsOf(selection, name, manifest),
]

/** A service that is a program of ours may be given what its plugin may do. */
const tokensOf = (name: string, { contributes: { services } }: Manifest): readonly EnvVariable[] =>
  Object.keys((typeof services === 'object' ? services.entry : undefined) ?? {}).map((service) => ({
    name: serviceTokenName(mergedName(name, service)),
    owner: name,
    title: `Token with which the container of ${mergedName(name, service)} asks the API for what ${name} may do`,
    required: false,
    secret: true,
    takes: 'at least 32 characters',
    shape: { minLength: 32 },
    generated: 43,
  }))

const scopeWords = {
  global: '',
  store: ', for stores that set none',
  user: ', for users who set none',
}

const settingsOf = (
  selection: Selection,
  name: string,
  manifest: Manifest,
): readonly EnvVariable[] =>
  Object.entries(manifest.settings ?? {}).map(([key, declaration]) => {
    const given = selection.settings.get(name)?.get(key)?.value ?? declaration.default
    const takes = takenBy(declaration)
    const shape = shapeOf(declaration)
    return {
      name: envNameOf(name, key),
      owner: name,
      title: `${declaration.title}${scopeWords[declaration.scope ?? 'global']}`,
      required: declaration.required === true && given === undefined,
      secret: declaration.secret === true,
      ...(given === undefined || declaration.secret
        ? {}
        : { default: typeof given === 'string' ? given : JSON.stringify(given) }),
      ...(takes === undefined ? {} : { takes }),
      ...(shape === undefined ? {} : { shape }),
    }
  })

function shapeOf(declaration: SettingDeclaration): EnvVariable['shape'] {
  const { type } = declaration
  const choices = choicesOf(declaration)
  if (choices) return { enum: choices }
  if (type === 'boolean') return { enum: ['true', 'false'] }
  if (type === 'integer') return { pattern: String.raw`^-?\d+$` }
  return type === 'number' ? { pattern: String.raw`^-?\d+(\.\d+)?$` } : undefined
}

function takenBy(declaration: SettingDeclaration): string | undefined {
  const { type, minimum, maximum } = declaration
  const choices = choicesOf(declaration)
  if (choices) return choices.join(', ')
  if (type === 'boolean') return 'true or false'
  if (type === 'string') return undefined
  const what = type === 'integer' ? 'a whole number' : 'a number'
  if (minimum !== undefined && maximum !== undefined) return `${what} from ${minimum} to ${maximum}`
  if (minimum !== undefined) return `${what}, at least ${minimum}`
  return maximum === undefined ? what : `${what}, at most ${maximum}`
}

/** Settings of two plugins that one variable would give. */
export function envProblems(releases: readonly Release[]): readonly Problem[] {
  const all = releases.flatMap((release) =>
    Object.keys(release.manifest.settings ?? {}).map((key) => ({
      release,
      key,
      name: envNameOf(release.name, key),
    })),
  )
  return [...Map.groupBy(all, ({ name }) => name)].flatMap(([name, [first, second]]) =>
    first && second ? [sameVariable(name, first, second)] : [],
  )
}

import { envNameOf, type SettingDeclaration } from '@bitcartcc/sdk/manifest'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { EnvVariable, Plan } from '../model/plan.ts'
import type { Release } from '../model/release.ts'
import type { Selection } from '../model/selection.ts'
import { nearest } from '../read/nearest.ts'
import { by, groups } from './pages.ts'
import { rowOf } from './places.ts'
import {
  envConflict,
  missingSetting,
  secretInSelection,
  settingValue,
  unknownSetting,
} from './problems.ts'

/** Values the selection gives, each held against its declaration; plugin → setting → value. */
export function planSettings(
  selection: Selection,
  releases: readonly Release[],
): { settings: Plan['settings']; problems: readonly Problem[] } {
  const plugins = new Map(releases.map((each) => [each.name, each]))
  const problems: Problem[] = []
  const settings: Record<string, Record<string, unknown>> = {}
  for (const [name, values] of selection.settings) {
    const release = plugins.get(name)
    const [first] = values.values()
    if (!release) {
      problems.push(
        unknownSetting(
          name,
          undefined,
          first?.at ?? selection.settingsAt,
          nearest(name, [...plugins.keys()]),
        ),
      )
      continue
    }
    const declared = release.manifest.settings ?? {}
    for (const [key, { value, at }] of values) {
      const declaration = declared[key]
      if (!declaration)
        problems.push(unknownSetting(name, key, at, nearest(key, Object.keys(declared))))
      else if (declaration.secret)
        problems.push(secretInSelection(release, key, at, envNameOf(name, key)))
      else {
        const wanted = misfit(declaration, value)
        if (wanted !== undefined) problems.push(settingValue(release, key, at, value, wanted))
        else settings[name] = { ...settings[name], [key]: value }
      }
    }
  }
  for (const release of releases)
    for (const [key, declaration] of Object.entries(release.manifest.settings ?? {})) {
      const isGiven =
        settings[release.name]?.[key] !== undefined ||
        selection.settings.get(release.name)?.has(key) === true
      if (
        declaration.required &&
        !declaration.secret &&
        declaration.default === undefined &&
        !isGiven
      )
        problems.push(missingSetting(release, key, selection))
    }
  return { settings: sorted(settings), problems }
}

/** What a value must be, where it is not; undefined where it fits. */
function misfit(declaration: SettingDeclaration, value: unknown): string | undefined {
  const { type, minimum, maximum, minLength, maxLength, pattern } = declaration
  if (type === 'boolean') return typeof value === 'boolean' ? undefined : 'true or false'
  if (type === 'string') {
    if (typeof value !== 'string') return 'a text'
    if (declaration.enum && !declaration.enum.includes(value))
      return `one of ${declaration.enum.join(', ')}`
    if (minLength !== undefined && value.length < minLength)
      return `at least ${minLength} characters long`
    if (maxLength !== undefined && value.length > maxLength)
      return `at most ${maxLength} characters long`
    return pattern !== undefined && !new RegExp(pattern, 'u').test(value)
      ? `written like ${pattern}`
      : undefined
  }
  if (typeof value !== 'number' || (type === 'integer' && !Number.isInteger(value)))
    return type === 'integer' ? 'a whole number' : 'a number'
  if (minimum !== undefined && value < minimum) return `at least ${minimum}`
  return maximum !== undefined && value > maximum ? `at most ${maximum}` : undefined
}

const sorted = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).toSorted(by(([key]) => [key])))

/** Every variable an operator may set; two settings of one name are refused. */
export function planEnv(
  releases: readonly Release[],
  settings: Plan['settings'],
): { env: readonly EnvVariable[]; problems: readonly Problem[] } {
  const found = releases.flatMap((release) =>
    Object.entries(release.manifest.settings ?? {}).map(([key, declaration]) => {
      const value = settings[release.name]?.[key] ?? declaration.default
      return {
        release,
        key,
        variable: {
          name: envNameOf(release.name, key),
          owner: release.name,
          title: declaration.title,
          required: declaration.required === true && value === undefined,
          secret: declaration.secret === true,
          ...(value === undefined ? {} : { default: String(value) }),
          takes: takes(declaration),
        } satisfies EnvVariable,
      }
    }),
  )
  const problems = groups(found, ({ variable }) => variable.name).map((same) =>
    envConflict(
      same[0].variable.name,
      same.map(({ release, key }) => rowOf(release, 'settings', key)),
    ),
  )
  return {
    env: [...coreVariables, ...found.map(({ variable }) => variable)].toSorted(
      by((each) => [each.owner === 'core' ? '0' : '1', each.owner, each.name]),
    ),
    problems,
  }
}

const takes = ({ type, minimum, maximum, enum: choices }: SettingDeclaration) =>
  [
    type,
    ...(choices ? [choices.join(' | ')] : []),
    ...(minimum === undefined ? [] : [`from ${minimum}`]),
    ...(maximum === undefined ? [] : [`to ${maximum}`]),
  ].join(', ')

const core = (name: string, title: string, rest: Partial<EnvVariable>): EnvVariable => ({
  name,
  owner: 'core',
  title,
  required: false,
  secret: false,
  ...rest,
})
const coreVariables: readonly EnvVariable[] = [
  core('CORE_INVOICE_MINUTES', 'Minutes until an unpaid invoice expires', { takes: 'integer' }),
  core('DATABASE_URL', 'PostgreSQL server; the embedded database where unset', {
    secret: true,
    takes: 'postgres://…',
  }),
  core('DATA_DIR', 'Folder of uploads, keys and the embedded database', { default: './data' }),
  core('HOST', 'Address to listen on', { default: '0.0.0.0' }),
  core('PORT', 'Port to listen on', { default: '3000', takes: 'integer' }),
  core('POSTGRES_PASSWORD', 'Password of the database in docker-compose', { secret: true }),
  core('SECRET_KEY', 'Key that secrets are encrypted with; made in DATA_DIR where unset', {
    secret: true,
  }),
]

import { settingRule } from '@bitcartcc/domain/setting-values'
import type { SettingDeclaration } from '@bitcartcc/sdk/manifest'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { Plan } from '../model/plan.ts'
import type { Release } from '../model/release.ts'
import type { Selection } from '../model/selection.ts'
import { nearest } from '../read/nearest.ts'
import {
  badDefault,
  missingSetting,
  secretInSelection,
  settingOfStranger,
  settingValue,
  unknownSetting,
} from './setting-problems.ts'

/** Values the selection gives, sorted; a secret is never among them. */
export function planSettings(selection: Selection, releases: readonly Release[]): Plan['settings'] {
  const given = releases.flatMap(({ name, manifest }) => {
    const values = [...(selection.settings.get(name) ?? [])].filter(([key]) => {
      const declaration = declarationOf(manifest.settings, key)
      return declaration !== undefined && !declaration.secret
    })
    return values.length === 0
      ? []
      : [[name, Object.fromEntries(values.map(([key, { value }]) => [key, value]))] as const]
  })
  return Object.fromEntries(given)
}

/** Everything wrong with the settings the selection gives, or does not give. */
export function settingProblems(
  selection: Selection,
  releases: readonly Release[],
): readonly Problem[] {
  const names = releases.map(({ name }) => name)
  const strangers = [...selection.settings]
    .filter(([plugin]) => !names.includes(plugin))
    .map(([plugin, values]) =>
      settingOfStranger(
        plugin,
        [...values.values()][0]?.at ?? selection.settingsAt,
        nearest(plugin, names),
      ),
    )
  return [...strangers, ...releases.flatMap((release) => ofPlugin(selection, release))]
}

function ofPlugin(selection: Selection, release: Release): readonly Problem[] {
  const declared = release.manifest.settings ?? {}
  const given = selection.settings.get(release.name) ?? new Map<string, never>()
  const known = Object.keys(declared)
  const wrong = [...given].flatMap(([key, located]) => {
    const declaration = declarationOf(declared, key)
    if (!declaration)
      return [
        unknownSetting(release.name, key, located.at, `${key}: …`, nearest(key, known), known),
      ]
    if (declaration.secret) return [secretInSelection(release, key, located.at)]
    const rule = settingRule(declaration, located.value)
    return rule === undefined ? [] : [settingValue(release, key, located, rule)]
  })
  const missing = Object.entries(declared)
    .filter(
      ([key, { required, secret, default: value }]) =>
        required && !secret && value === undefined && !given.has(key),
    )
    .map(([key]) => missingSetting(release, key, selection))
  const defaults = Object.entries(declared).flatMap(([key, declaration]) => {
    const rule =
      declaration.default === undefined ? undefined : settingRule(declaration, declaration.default)
    return rule === undefined ? [] : [badDefault(release, key, rule)]
  })
  return [...wrong, ...missing, ...defaults]
}

const declarationOf = (
  declared: Readonly<Record<string, SettingDeclaration>> | undefined,
  key: string,
) => (declared && Object.hasOwn(declared, key) ? declared[key] : undefined)

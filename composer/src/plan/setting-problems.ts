import { choicesOf } from '@bitcartcc/sdk/names'
import { envNameOf } from '@bitcartcc/sdk/names'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { Located, Place } from '../model/place.ts'
import type { Release } from '../model/release.ts'
import type { Selection } from '../model/selection.ts'
import { placeText, rowOf } from './places.ts'
import { kept } from './problems.ts'

/** A required setting has no value, and no default. */
export const missingSetting = (release: Release, key: string, selection: Selection): Problem => {
  const { value: example } = exampleOf(release, key)
  const isWritten = selection.settings.size > 0
  const at = selection.settings.get(release.name)
    ? [...(selection.settings.get(release.name)?.values() ?? [])][0]?.at
    : undefined
  const place = placeText(at ?? selection.settingsAt)
  return {
    code: 'plan/missing-setting',
    says: `${release.name} needs a value for the setting ${key}.`,
    facts: [
      rowOf(release, 'settings', key),
      isWritten
        ? [
            place,
            'settings',
            at ? `no entry for ${release.name}.${key}` : `no entry for ${release.name}`,
          ]
        : [selection.shownAs, 'settings', 'not written'],
    ],
    kept,
    fix: [
      `In ${isWritten ? place : selection.shownAs} write`,
      '  settings:',
      `    ${release.name}: { ${key}: ${example} }`,
    ],
  }
}

function exampleOf(release: Release, key: string): { value: string } {
  const declaration = release.manifest.settings?.[key]
  const first = declaration && choicesOf(declaration)?.[0]
  if (first !== undefined) return { value: first }
  if (declaration?.type === 'boolean') return { value: 'true' }
  if (declaration?.type === 'integer' || declaration?.type === 'number')
    return { value: String(declaration.minimum ?? 1) }
  return { value: '…' }
}

/** The selection sets what no plugin declares. */
export const unknownSetting = (
  plugin: string,
  key: string,
  at: Place,
  line: string,
  near: string | undefined,
  known: readonly string[],
): Problem => ({
  code: 'plan/unknown-setting',
  says: `${plugin} has no setting ${key}.`,
  facts: [[placeText(at), line]],
  kept,
  fix:
    near !== undefined
      ? [`In ${placeText(at)} write   ${near}`]
      : known.length === 0
        ? [`Take it out: ${plugin} has no settings.`]
        : [`Take it out. Settings of ${plugin} are: ${known.join(', ')}.`],
})

/** The selection sets something of a plugin that it does not build. */
export const settingOfStranger = (
  plugin: string,
  at: Place,
  near: string | undefined,
): Problem => ({
  code: 'plan/unknown-setting',
  says: `The selection sets ${plugin}, which is no plugin of this distribution.`,
  facts: [[placeText(at), `${plugin}: …`]],
  kept,
  fix:
    near !== undefined
      ? [`In ${placeText(at)} write   ${near}`]
      : [`Take it out of ${placeText(at)}, or add ${plugin} to plugins.`],
})

/** A value that its declaration does not allow. */
export const settingValue = (
  release: Release,
  key: string,
  { value, at }: Located<unknown>,
  rule: string,
): Problem => ({
  code: 'plan/setting-value',
  says: `The value of ${release.name}.${key} ${rule}.`,
  facts: [[placeText(at), `${key}: ${JSON.stringify(value)}`], rowOf(release, 'settings', key)],
  kept,
  fix: [`Change the value in ${placeText(at)}.`],
})

/** A secret stands where everybody can read it. The value itself is not repeated. */
export const secretInSelection = (release: Release, key: string, at: Place): Problem => ({
  code: 'plan/secret-in-selection',
  says: `${release.name}.${key} is a secret and must not stand in the selection.`,
  facts: [[placeText(at), `${key}: (not shown)`], rowOf(release, 'settings', key)],
  kept,
  fix: [
    `Take it out of ${placeText(at)} and give it to the server:   ${envNameOf(release.name, key)}=…`,
    'If the file was ever shared, make a new secret.',
  ],
})

/** A default that its own declaration does not allow. */
export const badDefault = (release: Release, key: string, rule: string): Problem => ({
  code: 'plan/setting-value',
  says: `The default of ${release.name}.${key} ${rule}.`,
  facts: [rowOf(release, 'settings', key)],
  kept,
  fix: [`Ask the author of ${release.name} to correct ${release.name} ${release.version}.`],
})

/** Two settings of two plugins would be read from one variable. */
export const sameVariable = (
  variable: string,
  first: { readonly release: Release; readonly key: string },
  second: { readonly release: Release; readonly key: string },
): Problem => ({
  code: 'plan/env-conflict',
  says: `Two settings are given by the same variable, ${variable}.`,
  facts: [first, second].map(({ release, key }) => rowOf(release, 'settings', key)),
  kept,
  fix: [
    `Leave ${first.release.name} or ${second.release.name} out, or rename one of the settings.`,
  ],
})

import { coreHookNames } from '@bitcartcc/sdk/names'
import type { Fact, Problem } from '@bitcartcc/sdk/problem'
import type { Release } from '../model/release.ts'
import { rowOf } from './places.ts'

/** What every refusal of this stage leaves as it was. */
export const kept = 'Nothing was written to dist/.'
type Path = readonly (string | number)[]

/** The manifest names a file that the plugin does not hold. */
export const missingFile = (
  release: Release,
  file: string,
  path: Path,
  near: string | undefined,
): Problem => ({
  code: 'plan/missing-file',
  says: `${release.name} ${release.version} names a file that it does not hold: ${file}.`,
  facts: [rowOf(release, ...path)],
  kept,
  fix: [
    near === undefined
      ? `Add the file to ${release.source}, or take the entry out of its plugin.yaml.`
      : `Write ${near} in ${release.source}/plugin.yaml.`,
  ],
})

/** A template shows what is not declared, or does what a template cannot. */
export const templateUnfit = (
  release: Release,
  file: string,
  path: Path,
  faults: readonly { readonly line: number; readonly says: string }[],
): Problem => ({
  code: 'plan/template-unfit',
  says: `A template of ${release.name} ${release.version} cannot be rendered: ${file}.`,
  facts: [
    ...faults.map(({ line, says }) => [`${file.slice(2)}:${line}`, says] as const),
    rowOf(release, ...path),
  ],
  kept,
  fix: [
    `Correct ${file} in ${release.source}, or declare what it shows under variables in its plugin.yaml.`,
  ],
})

/** Two pages of one app stand at one path. */
export const pageConflict = (app: string, path: string, rows: readonly Fact[]): Problem => ({
  code: 'plan/page-conflict',
  says: `Two pages of the ${app} stand at ${path}.`,
  facts: rows,
  kept,
  fix: ['Ask the author to give one of them another path, or leave the plugin out.'],
})

/** Two plugins want to be the whole content of one slot. */
export const slotConflict = (
  app: string,
  slot: string,
  rows: readonly Fact[],
  names: readonly string[],
): Problem => ({
  code: 'plan/slot-conflict',
  says: `Two fills replace the ${app} slot ${slot}.`,
  facts: rows,
  kept,
  fix: [`Leave one of ${names.join(', ')} out, or ask its author for another mode.`],
})

/** A slot that may not be replaced. */
export const notReplaceable = (
  release: Release,
  slot: string,
  path: Path,
  choices: readonly string[],
): Problem => ({
  code: 'plan/not-replaceable',
  says: `The slot ${slot} takes no fill that replaces it.`,
  facts: [rowOf(release, ...path)],
  kept,
  fix: [`Use the mode append, prepend or wrap. What can be replaced: ${choices.join(', ')}.`],
})

/** This core has no such slot. */
export const unknownSlot = (
  release: Release,
  app: string,
  slot: string,
  path: Path,
  near: string | undefined,
  known: readonly string[],
): Problem => ({
  code: 'plan/unknown-slot',
  says: `The ${app} has no slot named ${slot}.`,
  facts: [rowOf(release, ...path)],
  kept,
  fix: [near === undefined ? `Use one of ${known.join(', ')}.` : `Write   slot: ${near}`],
})

/** A plugin declares a permission under another's name. */
export const foreignPermission = (
  release: Release,
  permission: string,
  owner: Release | undefined,
): Problem => ({
  code: 'plan/foreign-permission',
  says: `${release.name} ${release.version} declares ${permission}, a permission under the name of ${permission.split('.')[0] ?? ''}.`,
  facts: [
    rowOf(release, 'permissions', permission),
    ...(owner ? [rowOf(owner, 'permissions', permission)] : []),
  ],
  kept,
  fix: [
    `In ${release.source}/plugin.yaml write   ${release.name}.${permission.split('.')[1] ?? 'view'}`,
  ],
})

/** A page or fill asks for a permission that nobody declares. */
export const unknownPermission = (
  release: Release,
  permission: string,
  path: Path,
  near: string | undefined,
): Problem => ({
  code: 'plan/unknown-permission',
  says: `Nobody declares the permission ${permission}.`,
  facts: [rowOf(release, ...path)],
  kept,
  fix: [
    near === undefined
      ? `Declare it in ${release.source}/plugin.yaml, under permissions.`
      : `Write   permission: ${near}`,
  ],
})

/** A listener waits for an event that nobody emits. */
export const unknownEvent = (
  release: Release,
  event: string,
  path: Path,
  near: string | undefined,
): Problem => ({
  code: 'plan/unknown-event',
  says: `Nobody emits the event ${event}.`,
  facts: [rowOf(release, ...path)],
  kept,
  fix: [
    near === undefined
      ? 'Select the plugin that emits it, or write   optional: true'
      : `Write   event: ${near}`,
  ],
})

export const unknownHook = (
  release: Release,
  hook: string,
  path: Path,
  near: string | undefined,
): Problem => ({
  code: 'plan/unknown-hook',
  says: `Core has no hook ${hook}.`,
  facts: [rowOf(release, ...path)],
  kept,
  fix: [
    near === undefined
      ? `Take it out, or use one of   ${coreHookNames.join(', ')}`
      : `Write   hook: ${near}`,
  ],
})

/** Two entries of one plugin have one name. */
export const sameName = (
  release: Release,
  what: string,
  name: string,
  rows: readonly Fact[],
): Problem => ({
  code: 'plan/same-name',
  says: `${release.name} ${release.version} has two ${what} named ${name}.`,
  facts: rows,
  kept,
  fix: ['Give one of them another name.'],
})

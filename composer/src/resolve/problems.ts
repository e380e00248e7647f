import type { Fact as Row, Problem } from '@bitcartcc/sdk/problem'
import type { Offered } from '../model/release.ts'
import { hasOwnPlace, type SelectedPlugin, type Selection } from '../model/selection.ts'
import type { Located } from '../model/place.ts'
import type { Fact, Sayers } from './facts.ts'
import type { Change } from './loosen.ts'
import { listed } from './wording.ts'

type FactOf<Kind extends Fact['kind']> = Extract<Fact, { kind: Kind }>

const placeText = ({ file, line }: { file: string; line: number }) =>
  line === 0 ? file : `${file}:${line}`
const selectedRow = ({ at, text }: SelectedPlugin): Row => [placeText(at), text]
const manifestRow = (release: Offered, ...path: readonly string[]): Row => [
  placeText(release.at(...path)),
  release.lineAt(...path),
]

/** The place and line that a fact was read from. */
function rowsOf(fact: Fact): readonly Row[] {
  switch (fact.kind) {
    case 'asked':
      return [selectedRow(fact.selected)]
    case 'overridden':
      return [[placeText(fact.range.at), `${fact.name}: ${fact.range.value}`]]
    case 'requires':
      return [manifestRow(fact.who.release, 'requires', 'plugins', fact.name)]
    case 'gate':
      return [gateRow(fact)]
    case 'asked-core':
      return [coreRow(fact.range)]
    case 'needs-core':
      return [manifestRow(fact.who.release, 'requires', 'bitcartcc')]
    case 'conflicts':
    case 'optional':
      return [manifestRow(fact.who.release, 'requires', fact.kind, fact.name)]
    case 'exclusive':
      return [fact.who, fact.other].map(({ release }) => manifestRow(release, 'exclusive'))
    case 'provides':
      return [manifestRow(fact.release, 'provides')]
    case 'pinned':
      return []
  }
}

const coreRow = ({ value, at }: Located<string>): Row => [placeText(at), `core: ${value}`]

const gateRow = ({ gate, who: { release } }: FactOf<'gate'>) =>
  manifestRow(release, 'requires', gate === 'core' ? 'bitcartcc' : 'node')

/** What to write where, so that versions fit: found by solving again. */
function fixOf(changes: readonly (readonly Change[])[], otherwise: readonly string[]) {
  const [first, ...others] = changes
  if (!first) return otherwise
  if (first.every(({ range }) => range === undefined))
    return changes.map(
      ([each], at) =>
        `${at === 0 ? 'Take' : 'or take'} ${each?.selected.name ?? ''} out, in ${each ? placeText(each.selected.at) : ''}.`,
    )
  const versions = first.map(({ selected, version }) => `${selected.name} ${version ?? ''}`)
  return [
    versions.length === 1
      ? `${listed(versions)} fits, with everything else as you asked.`
      : `${listed(versions)} fit together.`,
    ...first.map(writeText),
    ...others.flatMap((each) => each.map((change) => `or ${uncapital(writeText(change))}`)),
  ]
}

const writeText = ({ selected, range }: Change) =>
  `In ${placeText(selected.at)} write   ${hasOwnPlace(selected) ? 'version' : selected.name}: ${yamlText(range ?? '')}`
/** A range as a value in YAML: `*` would begin an alias. */
const yamlText = (range: string) => (/^[\w^~.-]+$/.test(range) ? range : `'${range}'`)
const uncapital = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)

/** No source has a plugin of that name. */
export const unknownPlugin = (
  fact: FactOf<'asked' | 'requires'>,
  { near, providers }: { readonly near: string | undefined; readonly providers: readonly string[] },
): Problem => {
  const name = fact.kind === 'asked' ? fact.selected.name : fact.name
  const range = fact.kind === 'asked' ? fact.selected.range : fact.range
  const [row] = rowsOf(fact)
  const known = [...new Set(providers)]
  return {
    code: 'resolve/unknown-plugin',
    says: `No source has a plugin named ${name}.`,
    facts: rowsOf(fact),
    fix:
      fact.kind === 'asked' && known.length > 0
        ? [
            `${listed(known)} ${known.length === 1 ? 'provides' : 'provide'} it: select ${known.length === 1 ? 'it' : 'one'} by name.`,
            `In ${row?.[0] ?? ''} write   ${known[0] ?? ''}: '*'`,
          ]
        : fact.kind === 'asked' && near !== undefined
          ? [`In ${row?.[0] ?? ''} write   ${near}: ${yamlText(range)}`]
          : [
              'Put the plugin into ./plugins, or say where it is:',
              '  plugins:',
              `    ${name}: { path: ../${name} }`,
            ],
  }
}

/** No choice of versions satisfies everybody who asks. */
export const noVersionsFit = (
  because: readonly string[],
  facts: readonly Fact[],
  asked: readonly SelectedPlugin[],
  {
    changes,
    moved,
  }: { readonly changes: readonly (readonly Change[])[]; readonly moved: readonly string[] },
): Problem => {
  const [only] = facts
  const manifests = facts.filter(({ kind }) => kind !== 'asked').flatMap(rowsOf)
  return {
    code: 'resolve/no-versions-fit',
    says:
      facts.length === 1 && only?.kind === 'asked'
        ? `No version of ${only.selected.name} fits ${only.selected.range}.`
        : 'No set of versions fits this selection.',
    because,
    facts: [
      ...asked.map(selectedRow),
      // Beyond a handful the sentences say more than the places.
      ...(manifests.length <= 6 ? manifests : []),
    ],
    fix: [
      ...fixOf(
        changes,
        moved.length > 0
          ? []
          : ['Add versions that fit to a source, or leave out one of those who ask.'],
      ),
      ...moved,
    ],
  }
}

/** What to write so that the distribution stands on another core, after what else would do. */
export const moveCore = (
  { core }: Selection,
  version: string,
  changes: readonly (readonly Change[])[],
): string =>
  `${changes.length > 0 ? 'or move' : 'Move'} the whole distribution, in ${placeText(core.at)}, to   core: ^${version}`

/** The manifest asks for another core. */
export const coreMismatch = (
  fact: FactOf<'gate'>,
  selection: Selection,
  asked: SelectedPlugin | undefined,
  {
    changes,
    isTooOld,
    movable,
  }: {
    readonly changes: readonly (readonly Change[])[]
    readonly isTooOld: boolean
    /** A core that everything fits on. */
    readonly movable: string | undefined
  },
): Problem => {
  const { release } = fact.who
  const moved = movable === undefined ? [] : [moveCore(selection, movable, changes)]
  const version = changes[0]?.[0]?.version
  const at = asked ? placeText(asked.at) : selection.shownAs
  return {
    code: isTooOld ? 'resolve/core-too-old' : 'resolve/core-too-new',
    says: `${release.name} ${release.version} needs core ${fact.range}, and this distribution is built on core ${fact.here}.`,
    facts: [coreRow(selection.core), ...(asked ? [selectedRow(asked)] : []), gateRow(fact)],
    kept: `Only the manifest of ${release.name} was read. None of its code was fetched or run.`,
    fix:
      version !== undefined
        ? [
            `${release.name} ${version} is the newest that runs on core ${fact.here}.`,
            ...(changes[0] ?? []).map(writeText),
            ...moved,
          ]
        : moved.length > 0
          ? moved
          : [
              `Take ${release.name} out, in ${at}: no version here runs on core ${fact.here}.`,
              isTooOld
                ? `Or build with a composer that brings core ${fact.range}.`
                : `Or ask its author for a version for core ${fact.here}.`,
            ],
  }
}

/** The selection asks for a core that this composer neither brings nor finds in the registry. */
export const coreNotHere = (
  core: string,
  others: readonly string[],
  selection: Selection,
): Problem => ({
  code: 'resolve/core-not-here',
  says: `The selection asks for core ${selection.core.value}, and this composer brings core ${core}.`,
  ...(others.length === 0
    ? {}
    : { because: [`From the registry it can build on core ${listed(others)} as well.`] }),
  facts: [coreRow(selection.core)],
  fix: [
    `In ${placeText(selection.core.at)} write   core: ^${core}`,
    'or build with the composer of that core.',
  ],
})

/** The manifest asks for another Node. */
export const nodeMismatch = (
  fact: FactOf<'gate'>,
  changes: readonly (readonly Change[])[],
): Problem => {
  const { release } = fact.who
  return {
    code: 'resolve/node-mismatch',
    says: `${release.name} ${release.version} needs Node ${fact.range}, and distributions run on Node ${fact.here}.`,
    facts: [gateRow(fact)],
    fix: isWidened(changes)
      ? fixOf(changes, [])
      : [
          `Take ${release.name} out of the selection, or ask its author for a version for Node ${fact.here}.`,
        ],
  }
}

/** One plugin says that it does not go with another. */
export const inConflict = (
  fact: FactOf<'conflicts'>,
  other: Offered | undefined,
  changes: readonly (readonly Change[])[],
): Problem => ({
  code: 'resolve/conflict',
  says: `${title(fact.who)} does not go with ${fact.name} ${other?.version ?? fact.range}.`,
  facts: [...rowsOf(fact), ...(other ? [manifestRow(other, 'version')] : [])],
  fix: isWidened(changes) ? fixOf(changes, []) : ['Take one of the two out of the selection.'],
})

/** Two plugins want to be the only one of a kind. */
export const bothExclusive = (
  fact: FactOf<'exclusive'>,
  changes: readonly (readonly Change[])[],
): Problem => ({
  code: 'resolve/exclusive-conflict',
  says: `Two plugins want to be the only ${fact.what}.`,
  facts: rowsOf(fact),
  fix: isWidened(changes) ? fixOf(changes, []) : ['Take one of the two out of the selection.'],
})

/** What only one of several plugins can give is needed, and nobody said which. */
export const providerNotChosen = (
  capability: string,
  asker: Offered,
  providers: readonly Offered[],
  selection: Selection,
): Problem => {
  const names = [...new Set(providers.map(({ name }) => name))]
  return {
    code: 'resolve/provider-not-chosen',
    says: `${asker.name} ${asker.version} needs ${capability}, and the selection has no plugin that provides it.`,
    facts: [
      manifestRow(asker, 'requires', 'plugins', capability),
      ...names.flatMap((name) => {
        const newest = providers.findLast((each) => each.name === name)
        return newest ? [manifestRow(newest, 'provides')] : []
      }),
    ],
    fix: [
      names.length === 1 ? 'Select it:' : 'Select one of them:',
      `  compose add ${names[0] ?? ''}${selection.shownAs === 'selection.yaml' ? '' : ` ${selection.shownAs}`}`,
    ],
  }
}

/** The search was given up. */
export const tooHard = (selection: Selection): Problem => ({
  code: 'resolve/too-hard',
  says: `No set of versions was found for ${selection.shownAs}, and the search was given up.`,
  because: [
    'So many plugins exclude one another in so many versions that trying all of it has no end in sight.',
  ],
  fix: [
    'Narrow the ranges of the plugins that matter most, in the selection, to one version each.',
  ],
})

const isWidened = ([first]: readonly (readonly Change[])[]) =>
  first?.some(({ range }) => range !== undefined) ?? false
const title = ({ release }: Sayers) => `${release.name} ${release.version}`

import type { Fact, Problem } from '@bitcartcc/sdk/problem'
import type { Release } from '../model/release.ts'
import type { Selection, SelectedPlugin } from '../model/selection.ts'

/** Who asks for versions of a plugin. */
export interface Demand {
  readonly plugin: string
  readonly range: string
  readonly by:
    | { readonly selected: SelectedPlugin }
    | { readonly release: Release; readonly key: 'plugins' | 'optional' | 'conflicts' }
}

const placeText = ({ file, line }: { file: string; line: number }) => `${file}:${line}`

/** The place and line of a demand. */
export const demandFact = (demand: Demand): Fact =>
  'selected' in demand.by
    ? [placeText(demand.by.selected.at), demand.by.selected.text]
    : [
        placeText(demand.by.release.at('requires', demand.by.key, demand.plugin)),
        demand.by.release.lineAt('requires', demand.by.key, demand.plugin),
      ]

const who = (demand: Demand) =>
  'selected' in demand.by
    ? 'the selection'
    : `${demand.by.release.name} ${demand.by.release.version}`

/** No source has a plugin of that name. */
export const unknownPlugin = (
  demand: Demand,
  near: string | undefined,
  sources: readonly string[],
): Problem => ({
  code: 'resolve/unknown-plugin',
  says: `No source has a plugin named ${demand.plugin}.`,
  facts: [demandFact(demand)],
  fix:
    near !== undefined
      ? [`In ${demandFact(demand)[0] ?? ''} write   ${near}: ${demand.range}`]
      : [
          `Put the plugin into ${sources.join(' or ')}, or say where it is:`,
          `  plugins:`,
          `    ${demand.plugin}: { path: ../${demand.plugin} }`,
        ],
})

/** No version satisfies everybody who asks. */
export const noVersionsFit = (
  name: string,
  demands: readonly Demand[],
  found: readonly Release[],
  newest: Release | undefined,
): Problem => {
  const versions = found.map(({ version }) => version).join(', ')
  const [first] = demands
  const selected = demands.find((each) => 'selected' in each.by)
  return {
    code: 'resolve/no-versions-fit',
    says:
      demands.length === 1
        ? `No version of ${name} fits ${first?.range ?? ''}.`
        : `No version of ${name} fits all who ask for it.`,
    because: [
      `Because ${demands.map((each) => `${who(each)} needs ${name} ${each.range}`).join(' and ')}, and the sources have ${name} ${versions}, no versions fit.`,
    ],
    facts: demands.map(demandFact),
    fix:
      newest && selected && demands.length === 1
        ? [
            `${name} ${newest.version} is the newest that can be had.`,
            `In ${demandFact(selected)[0] ?? ''} write   ${name}: ^${newest.version}`,
          ]
        : [`Add a version of ${name} that fits to a source, or leave out one of those who ask.`],
  }
}

/** The manifest asks for another core. */
export const coreMismatch = (
  release: Release,
  core: string,
  selection: Selection,
  demand: Demand,
  fits: Release | undefined,
  isTooOld: boolean,
): Problem => {
  const { bitcartcc } = release.manifest.requires
  const at = demandFact(demand)[0] ?? ''
  return {
    code: isTooOld ? 'resolve/core-too-old' : 'resolve/core-too-new',
    says: `${release.name} ${release.version} needs core ${bitcartcc}, and this distribution is built on core ${core}.`,
    facts: [
      [placeText(selection.core.at), `core: ${selection.core.value}`],
      demandFact(demand),
      [placeText(release.at('requires', 'bitcartcc')), release.lineAt('requires', 'bitcartcc')],
    ],
    kept: `Only the manifest of ${release.name} was read. None of its code was fetched or run.`,
    fix: fits
      ? [
          `${fits.name} ${fits.version} is the newest that runs on core ${core}.`,
          `In ${at} write   ${fits.name}: ^${fits.version}`,
        ]
      : [
          `Take ${release.name} out, in ${at}: no version here runs on core ${core}.`,
          isTooOld
            ? `Or build with a composer that brings core ${bitcartcc}.`
            : `Or ask its author for a version for core ${core}.`,
        ],
  }
}

/** The selection asks for a core that this composer does not bring. */
export const coreNotHere = (core: string, selection: Selection): Problem => ({
  code: 'resolve/core-not-here',
  says: `The selection asks for core ${selection.core.value}, and this composer brings core ${core}.`,
  facts: [[placeText(selection.core.at), `core: ${selection.core.value}`]],
  fix: [
    `In ${placeText(selection.core.at)} write   core: ^${core}`,
    'or build with the composer of that core.',
  ],
})

/** The manifest asks for another Node. */
export const nodeMismatch = (release: Release, node: string): Problem => ({
  code: 'resolve/node-mismatch',
  says: `${release.name} ${release.version} needs Node ${release.manifest.requires.node ?? ''}, and distributions run on Node ${node}.`,
  facts: [[placeText(release.at('requires', 'node')), release.lineAt('requires', 'node')]],
  fix: [
    `Take ${release.name} out of the selection, or ask its author for a version for Node ${node}.`,
  ],
})

/** One plugin says that it does not go with another. */
export const inConflict = (demand: Demand, other: Release): Problem => ({
  code: 'resolve/conflict',
  says: `${who(demand)} does not go with ${other.name} ${other.version}.`,
  facts: [demandFact(demand), [placeText(other.at('version')), other.lineAt('version')]],
  fix: ['Take one of the two out of the selection.'],
})

/** Two plugins want to be the only one of a kind. */
export const bothExclusive = (kind: string, first: Release, second: Release): Problem => ({
  code: 'resolve/exclusive-conflict',
  says: `Two plugins want to be the only ${kind}.`,
  facts: [first, second].map((each) => [placeText(each.at('exclusive')), each.lineAt('exclusive')]),
  fix: ['Take one of the two out of the selection.'],
})

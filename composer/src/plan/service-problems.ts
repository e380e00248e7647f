import type { Fact, Problem } from '@bitcartcc/sdk/problem'
import type { Selection } from '../model/selection.ts'

const kept = 'Nothing was written to dist/.'

/** Two services publish one port of the host. */
export const portConflict = (
  port: string,
  facts: readonly Fact[],
  grants: readonly (readonly [string, string, number])[],
  selection: Selection,
): Problem => ({
  code: 'plan/port-conflict',
  says: `Two services publish host port ${port}.`,
  facts,
  kept,
  fix: [
    `Give ${grants.length > 1 ? 'each a port of its own' : 'it another port'}, in ${selection.shownAs}:`,
    '  grants:',
    ...grants.map(
      ([plugin, service, number]) => `    ${plugin}: { ports: { ${service}: ${number} } }`,
    ),
  ],
})

/** Two services are reached under one path, or one lies inside the other. */
export const urlPathConflict = (path: string, facts: readonly Fact[]): Problem => ({
  code: 'plan/url-path-conflict',
  says: `Two services want the URL path ${path}.`,
  facts,
  kept,
  fix: ['Take one of the two out of the selection, or ask its author for another path.'],
})

/** A path that core answers itself. */
export const corePath = (path: string, fact: Fact): Problem => ({
  code: 'plan/url-path-conflict',
  says: `A service wants the URL path ${path}, which core answers itself.`,
  facts: [fact],
  kept,
  fix: ['Choose another path in the manifest, like   /tools/name'],
})

/** Two services, or two of anything else that has a name in the merged file, come out with one. */
export const serviceConflict = (kind: string, name: string, facts: readonly Fact[]): Problem => ({
  code: 'plan/service-conflict',
  says: `Two ${kind} come out as ${name} in docker-compose.yml.`,
  because: [
    'What a fragment names comes out under the name of its plugin and its own, so that two plugins meet only where these are alike.',
  ],
  facts,
  kept,
  fix: ['Ask the author of one of the plugins for another name, or take the plugin out.'],
})

/** The fragment asks for more than a plugin may have. */
export const notGranted = (what: string, fact: Fact, fix: readonly string[]): Problem => ({
  code: 'plan/not-granted',
  says: `A service asks for ${what}, which nobody has granted.`,
  facts: [fact],
  kept,
  fix,
})

/** A key that has no rule of merging. */
export const noMergeRule = (key: string, fact: Fact, near: string | undefined): Problem => ({
  code: 'plan/no-merge-rule',
  says: `There is no rule for the key ${key} of a docker-compose fragment.`,
  facts: [fact],
  kept,
  fix: [
    near === undefined ? 'Take the key out; nothing is merged by accident.' : `Write   ${near}`,
  ],
})

/** A value that the Compose Specification does not know, or not so. */
export const outsideSpecification = (path: string, says: string, fact: Fact): Problem => ({
  code: 'plan/outside-specification',
  says: `The Compose Specification does not take ${path}.`,
  because: [`By its schema, it ${says}.`],
  facts: [fact],
  kept,
  fix: ['Correct the line.'],
})

/** A config or secret that is no file of the plugin. */
export const outsideThePlugin = (file: string, fact: Fact, near?: string): Problem => ({
  code: 'plan/outside-the-plugin',
  says: `A fragment names ${file}, and the plugin holds no such file.`,
  because: ['Configs and secrets are files of the plugin, named from the folder of the fragment.'],
  facts: [fact],
  kept,
  fix: [
    near === undefined ? 'Put the file into the folder of the plugin.' : `Name ${near} instead.`,
  ],
})

/** A right that reaches past the shop, which a selection may grant. */
export const privilegeNotGranted = (
  plugin: string,
  granted: readonly string[],
  asked: readonly { readonly privilege: string; readonly fact: Fact }[],
  selection: Selection,
): Problem => ({
  code: 'plan/not-granted',
  says: `${plugin} asks for what reaches past the shop into the machine, and nobody has granted it.`,
  facts: asked.map(({ fact, privilege }) => [fact[0] ?? '', fact[1] ?? '', privilege]),
  kept,
  fix: [
    `Grant it, in ${selection.shownAs}:`,
    '  grants:',
    `    ${plugin}: { privileges: [${[...new Set([...granted, ...asked.map((each) => each.privilege)])].map(quoted).join(', ')}] }`,
    'or take the lines out of the fragment.',
  ],
})

const quoted = (text: string) => (/[,[\]{}#&*!|>'"%@`]|:\s/.test(text) ? `'${text}'` : text)

/** A value of the wrong shape. */
export const fragmentShape = (what: string, wanted: string, fact: Fact): Problem => ({
  code: 'plan/fragment-shape',
  says: `${what} must be ${wanted}.`,
  facts: [fact],
  kept,
  fix: ['Correct the line.'],
})

/** Two things of one service are mounted at one path. */
export const mountConflict = (
  service: string,
  target: string,
  facts: readonly Fact[],
): Problem => ({
  code: 'plan/mount-conflict',
  says: `Two things are mounted at ${target} of ${service}: one would hide the other.`,
  facts,
  kept,
  fix: ['Mount one of the two somewhere else.'],
})

/** A name that points at no service or volume of the plugin. */
export const missingService = (
  name: string,
  kind: string,
  fact: Fact,
  near: string | undefined,
): Problem => ({
  code: 'plan/missing-service',
  says: `There is no ${kind} ${name} in the plugin's fragment.`,
  facts: [fact],
  kept,
  fix: [near === undefined ? `Add it to the fragment, or take the line out.` : `Write   ${near}`],
})

/** A service with neither an image nor a program. */
export const noProgram = (name: string, fact: Fact): Problem => ({
  code: 'plan/service-without-program',
  says: `The service ${name} has neither an image nor an entry.`,
  facts: [fact],
  kept,
  fix: [
    'Give it an   image:   in the fragment, or name its Node program under   entry:   in the manifest.',
  ],
})

/** Composer and fragment both set one value, or a fragment sets it twice. */
export const fragmentConflict = (
  path: string,
  facts: readonly Fact[],
  fix = 'Take it out of the fragment: compose sets it.',
): Problem => ({
  code: 'plan/fragment-conflict',
  says: `${path} is set to different values.`,
  facts,
  kept,
  fix: [fix],
})

/** Services that wait for each other. */
export const serviceCircle = (names: readonly string[], facts: readonly Fact[]): Problem => ({
  code: 'plan/service-circle',
  says:
    names.length === 1
      ? `The service ${names[0]} waits for itself, and would never start.`
      : `The services ${names.join(', ')} wait for each other, and none would start.`,
  facts,
  kept,
  fix: ['Take one of the lines out of   depends_on.'],
})

/** `force` names a value that is not there. */
export const forcesNothing = (path: string, fact: Fact): Problem => ({
  code: 'plan/forces-nothing',
  says: `force names ${path}, and the merged docker-compose file has no such value.`,
  facts: [fact],
  kept,
  fix: ['Take the line out, or correct the path.'],
})

/** Several api containers that nothing stands before. */
export const replicasWithoutProxy = (
  { proxy, replicas }: Selection['deployment'],
  shownAs: string,
): Problem => ({
  code: 'plan/replicas-without-proxy',
  says: `${replicas.value.api} containers of the api cannot publish one port of the host.`,
  facts: [
    [`${shownAs}:${proxy.at.line}`, 'proxy: none'],
    [`${shownAs}:${replicas.at.line}`, `replicas: { api: ${replicas.value.api} }`],
  ],
  kept,
  fix: ['Put a proxy before them   deployment: { proxy: caddy }   or take the replicas out.'],
})

/** A placeholder that is no variable of the plugin itself. */
export const unknownPlaceholder = (
  plugin: string,
  name: string,
  fact: Fact,
  near: string | undefined,
): Problem => ({
  code: 'plan/unknown-placeholder',
  says:
    name === ''
      ? 'A dollar sign stands alone, and docker-compose would take it for the beginning of a placeholder.'
      : `The placeholder ${name} is no variable of ${plugin}.`,
  facts: [fact],
  kept,
  fix: [
    name === ''
      ? 'Write   $$'
      : near === undefined
        ? `Declare a setting in the manifest of ${plugin}, and name its variable; a plain dollar sign is   $$`
        : `Write   \${${near}}`,
  ],
})

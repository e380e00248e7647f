import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import type { Origin } from '../model/origin.ts'
import { cacheDir } from './environment.ts'
import { nearest } from '../read/nearest.ts'
import type { RunCommand } from './command.ts'
import {
  requirementChains,
  requirementsOfCore,
  requirementText,
  type Requirement,
} from './requirements.ts'

type Answer =
  /** Path of docker-compose.yml → where its value comes from, as in docker-compose.yml.map.json. */
  | { readonly origins: Readonly<Record<string, Origin>> }
  | {
      readonly name: 'core'
      readonly version: string
      readonly requirements: readonly Requirement[]
    }
  | {
      readonly name: string
      readonly version: string
      readonly source: string
      /** Each from the selection to the plugin. */
      readonly chains: readonly (readonly Requirement[])[]
    }

/** `compose why NAME [selection.yaml]`: who asked for a plugin, or where a value of docker-compose.yml comes from. */
export const whyCommand: RunCommand = async ({ words, flags, print }) => {
  const [name = '', file = 'selection.yaml'] = words
  const answer = await answerTo(name, file, flags.offline)
  print(flags.json ? `${JSON.stringify(answer)}\n` : await answerText(answer))
  return 0
}

async function answerTo(
  name: string,
  file: string,
  isOffline: boolean | undefined,
): Promise<Answer> {
  const { planSelection } = await import('../pipeline.ts')
  const { plan } = await planSelection(file, { cacheDir: cacheDir(), isOffline })
  const { originsAt } = await import('../views/origins-text.ts')
  const { withMountedFiles } = await import('../package/mounted-files.ts')
  const origins = originsAt(withMountedFiles(plan), name)
  if (Object.keys(origins).length > 0) return { origins }
  const plugins = plan.plugins.map(({ release }) => release)
  const { readSelection } = await import('../selection/index.ts')
  if (name === 'core') {
    const requirements = requirementsOfCore(plan.core, plugins, await readSelection(file))
    return { name, version: plan.core, requirements }
  }
  const found = plugins.find((each) => each.name === name)
  if (!found) {
    const names = plugins.map((each) => each.name)
    throw new Refused([unknownName(name, nearest(name, names))])
  }
  const { version, source } = found
  const chains = requirementChains(found, plugins, await readSelection(file))
  return { name, version, source, chains }
}

const unknownName = (name: string, near: string | undefined): Problem => ({
  code: 'why/unknown-name',
  says: `Nothing in this distribution is named ${name}.`,
  fix: [
    near === undefined
      ? 'Name one of its plugins, or a path of docker-compose.yml:   compose why services.api.image'
      : `Write   compose why ${near}`,
  ],
})

async function answerText(answer: Answer): Promise<string> {
  if ('origins' in answer) {
    const { originsText } = await import('../views/origins-text.ts')
    return originsText(answer.origins)
  }
  const { name, version } = answer
  if ('requirements' in answer)
    return `${name} ${version}\n${answer.requirements.map((each) => lineOf(each)).join('')}`
  const lines = answer.chains.flatMap((chain) => chain.map(lineOf))
  return `${name} ${version}, from ${answer.source}\n${lines.join('')}`
}

const lineOf = (each: Requirement, depth = 0) =>
  `${'  '.repeat(depth + 1)}${requirementText(each)}\n`

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { Paths } from '../cache/paths.ts'
import { roomFolder } from '../house.ts'
import type { Plan } from '../model/plan.ts'
import type { Mistake } from './mistakes.ts'
import { slotLacksProp, typeError } from './problems.ts'

/** The problem that a mistake of the compiler is; undefined where no plugin can mend it. */
export function problemOf(mistake: Mistake, plan: Plan, paths: Paths): Problem | undefined {
  const { file, line, message } = mistake
  const text = lineOf(join(paths.work, file), line)
  const [, owner] = /^plugins\/([^/]+)\//.exec(file) ?? []
  if (owner) {
    const source = plan.plugins.find(({ release }) => release.name === owner)?.release.source
    const place = `${source ?? `plugins/${owner}`}/${file.slice(`plugins/${owner}/`.length)}:${line}`
    return typeError({ place, line: text, message: firstLine(message) }, owner)
  }
  const around = statementAt(join(paths.work, file), line)
  const [, plugin, component] =
    /import\('\.\.\/plugins\/([^/']+)\/([^']+)'\)/.exec(around) ??
    /from '\.\.\/plugins\/([^/']+)\/([^']+)'/.exec(around) ??
    []
  const release = plan.plugins.find((each) => each.release.name === plugin)?.release
  if (!release || !component) return undefined
  const [, slot, lacking] = /SlotLacksProp<"([^"]+)", ([^>]+)>/.exec(message) ?? []
  if (!slot || !lacking)
    return typeError(
      { place: `${release.source}/${component}`, line: around.trim(), message: firstLine(message) },
      release.name,
    )
  return slotLacksProp({
    plugin: release.name,
    component:
      component
        .split('/')
        .at(-1)
        ?.replace(/\.vue$/, '') ?? component,
    place: placeOfFill(release, component, slot),
    slot,
    props: lacking.split(' | ').map((each) => each.replaceAll('"', '')),
    given: givenBy(slot),
  })
}

type Release = Plan['plugins'][number]['release']

/** Where the manifest puts the component into the slot. */
function placeOfFill(release: Release, component: string, slot: string): string {
  for (const point of ['store.slots', 'admin.slots'] as const) {
    const index = (release.manifest.contributes[point] ?? []).findIndex(
      (each) => each.slot === slot && each.component.endsWith(component),
    )
    if (index >= 0) {
      const { file, line } = release.at('contributes', point, index)
      return `${file}:${line}`
    }
  }
  return `${release.source}/${component}`
}

/** The props a slot gives, as the SDK's source names them. */
function givenBy(slot: string): readonly string[] {
  const source = readFileSync(join(roomFolder('sdk'), 'src/slots.ts'), 'utf8')
  const [, type = ''] = new RegExp(`'${slot.replaceAll('.', '\\.')}': (.+)`).exec(source) ?? []
  return type === 'Reloadable'
    ? ['reload']
    : [...type.matchAll(/readonly (\w+)/g)].map(([, name = '']) => name)
}

const firstLine = (message: string) => message.split('\n')[0] ?? message

const lineOf = (path: string, line: number) =>
  existsSync(path) ? (readFileSync(path, 'utf8').split('\n')[line - 1] ?? '').trim() : ''

/** The call of `storeFill(…)` that a line belongs to: it may go over several lines. */
function statementAt(path: string, line: number): string {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []
  let end = line - 1
  while (end < lines.length - 1 && !/\),?$/.test(lines[end] ?? '')) end++
  return lines.slice(line - 1, end + 1).join(' ')
}

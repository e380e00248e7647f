import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import type { Paths } from '../cache/paths.ts'
import type { Plan } from '../model/plan.ts'
import { slotLacksProp, typeError } from './problems.ts'

/** Type-checks the wiring and the plugins against core's SDK and component kit; refuses with every mistake. */
export async function checkTypes(plan: Plan, paths: Paths): Promise<void> {
  writeFileSync(join(paths.work, 'tsconfig.check.json'), tsconfig(paths))
  const output = await vueTsc(paths)
  const mistakes = mistakesIn(output)
  const problems = mistakes.map((mistake) => problemOf(mistake, plan, paths))
  const own = problems.filter((problem) => problem !== undefined)
  if (own.length > 0) throw new Refused(unlike(own))
  if (mistakes.length > 0 || (output.status !== 0 && mistakes.length === 0))
    throw new Error(`the wiring cannot be checked:\n${output.text.slice(0, 4000)}`)
}

/** The generated tsconfig, with a memory of what was checked, and without what only the apps' entries need. */
const tsconfig = (paths: Paths) =>
  JSON.stringify({
    extends: './tsconfig.json',
    compilerOptions: {
      incremental: true,
      tsBuildInfoFile: join(paths.cache, 'types', `${basename(paths.work)}.tsbuildinfo`),
      typeRoots: [join(paths.home, 'node_modules/@types')],
      types: ['node'],
    },
  })

interface Output {
  readonly status: number
  readonly text: string
}

function vueTsc(paths: Paths): Promise<Output> {
  mkdirSync(join(paths.cache, 'types'), { recursive: true })
  const program = createRequire(import.meta.url).resolve('vue-tsc/bin/vue-tsc.js')
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ['--max-old-space-size=2048', program, '-p', 'tsconfig.check.json', '--pretty', 'false'],
      {
        cwd: paths.work,
        env: { NODE_COMPILE_CACHE: join(paths.cache, 'types', 'compiled') },
        maxBuffer: 64_000_000,
        timeout: 300_000,
      },
      (error, stdout, stderr) => {
        if (error && typeof error.code !== 'number') reject(error)
        else resolve({ status: error ? Number(error.code) : 0, text: stdout + stderr })
      },
    )
  })
}

interface Mistake {
  /** From the work folder: `wiring/store.ts`. */
  readonly file: string
  readonly line: number
  readonly message: string
}

/** `plugins/a/store/B.vue(12,3): error TS2322: …`, with the indented lines that follow. */
function mistakesIn({ text }: Output): readonly Mistake[] {
  const found: { file: string; line: number; message: string }[] = []
  for (const row of text.split('\n')) {
    const [, file, line, message] = /^(.+?)\((\d+),\d+\): error TS\d+: (.*)$/.exec(row) ?? []
    if (file && line && message) found.push({ file, line: Number(line), message })
    else if (row.startsWith('  ') && found.length > 0) {
      const last = found[found.length - 1]
      if (last) last.message += `\n${row.trim()}`
    }
  }
  return found
}

function problemOf(mistake: Mistake, plan: Plan, paths: Paths): Problem | undefined {
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
    given: givenBy(slot, paths),
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
function givenBy(slot: string, paths: Paths): readonly string[] {
  const source = readFileSync(join(paths.home, 'core/sdk/src/slots.ts'), 'utf8')
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

const unlike = (problems: readonly Problem[]) => [
  ...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values(),
]

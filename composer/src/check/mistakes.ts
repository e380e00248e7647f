import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { offsetInComponent, type Stretch } from './vue-map.ts'

export interface Mistake {
  /** From the work folder: `wiring/store.ts`. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** The compiler's sentence, with the lines that explain it. */
  readonly message: string
}

interface Told extends Mistake {
  readonly column: number
  readonly code: number
}

/**
 * Reads what the compiler printed: every mistake of an author, at the place where it was written.
 *
 * A component is checked as other code than its author wrote; a mistake of that code alone is left out.
 * Undefined where the compiler told of no file, or of anything else: then it did not do its work.
 */
export function mistakesIn(output: string, work: string): readonly Mistake[] | undefined {
  const told: Told[] = []
  for (const row of output.split('\n')) {
    const [, file, line, column, code, message] =
      /^(.+?)\((\d+),(\d+)\): error TS(\d+): (.*)$/.exec(row) ?? []
    const last = told.at(-1)
    if (file && message !== undefined)
      told.push({ file, line: Number(line), column: Number(column), code: Number(code), message })
    else if (row.startsWith('  ') && last)
      told[told.length - 1] = { ...last, message: `${last.message}\n${row.trim()}` }
    else if (row.startsWith('error ')) return undefined
  }
  if (told.length === 0) return undefined
  return told.map((one) => asWritten(one, work)).filter((one) => one !== undefined)
}

/** `types/plugins/a/store/B.vue.ts` → the line of `plugins/a/store/B.vue`; core's kit is not checked here, only stood on. */
function asWritten({ file, line, column, code, message }: Told, work: string): Mistake | undefined {
  if (file.startsWith('types/ui/')) return undefined
  const [, component] = /^types\/(plugins\/.+\.vue)\.tsx?$/.exec(file) ?? []
  if (!component) return { file, line, message }
  const read = (path: string) => readFileSync(join(work, path), 'utf8')
  const before = read(file)
    .split('\n')
    .slice(0, line - 1)
  const offset = before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1
  const map = JSON.parse(read(`${file}.map`)) as readonly Stretch[] // written by vue-types.ts
  const at = offsetInComponent(map, offset, code)
  if (at === undefined) return undefined
  return { file: component, line: read(component).slice(0, at).split('\n').length, message }
}

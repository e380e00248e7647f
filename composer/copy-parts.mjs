// Lays beside the JavaScript what is no JavaScript: what the published composer brings along.
import { cpSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'

const here = import.meta.dirname
const left = new Set(['node_modules', 'test', 'selections'])
const parts = [
  ['src/help', 'dist/help'],
  ['src/explain', 'dist/explain'],
  ['src/compose-spec', 'dist/compose-spec'],
  ['../dist-templates', 'dist/dist-templates'],
  ['../plugins', 'dist/plugins'],
]
for (const [from, to] of parts) {
  rmSync(join(here, to), { recursive: true, force: true })
  cpSync(join(here, from), join(here, to), {
    recursive: true,
    filter: (path) => !left.has(basename(path)) && !path.endsWith('.test.ts'),
  })
}

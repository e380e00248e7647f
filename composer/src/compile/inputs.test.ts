import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { build } from 'vite'
import { afterAll, expect, test } from 'vitest'
import { modulesFolder } from '../house.ts'
import { inputsPlugin, names, stateOf } from './inputs.ts'
import { vueCompiler } from './vue-compiler.ts'

const work = realpathSync(mkdtempSync(join(tmpdir(), 'compose-inputs-')))
afterAll(() => rmSync(work, { recursive: true, force: true }))

const files = {
  'admin/main.ts': "import Page from '../plugins/a/admin/Page.vue'\nconsole.log(Page)\n",
  'plugins/a/admin/Page.vue': `<script setup lang="ts">
import type routes from '../api/routes.ts'
import type { Vote } from '../api/shapes.ts'
import Star from '../store/Star.vue'
defineProps<{ vote: Vote }>()
export type Routes = typeof routes
</script>
<template><Star>{{ vote }}</Star></template>
<style scoped>@import './page.css'; p { color: red }</style>
`,
  'plugins/a/admin/page.css': 'b { color: blue }',
  'plugins/a/store/Star.vue': '<template><b><slot /></b></template>',
  'plugins/a/store/Unused.vue': '<template><b /></template>',
  'plugins/a/api/routes.ts': 'export default {}',
  'plugins/a/api/shapes.ts': 'export interface Vote { stars: number }',
  'plugins/a/migrations/0001.sql': 'create table a ()',
}

test('an app is made of what it imports from anywhere, of its styles and of the types of its props, not of other types', async () => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(work, path)), { recursive: true })
    writeFileSync(join(work, path), text)
  }
  symlinkSync(modulesFolder(), join(work, 'node_modules'))
  const vue = vueCompiler((file) => file.slice(work.length))
  const inputs = new Map<string, readonly string[]>()
  await build({
    configFile: false,
    root: work,
    logLevel: 'silent',
    plugins: [vue.plugin, inputsPlugin(work, vue.typesOf, inputs)],
    build: { write: false, rolldownOptions: { input: join(work, 'admin/main.ts') } },
  })
  const found = inputs.get('client') ?? []
  expect(found).toEqual([
    'admin/main.ts',
    'plugins/a/admin/Page.vue',
    'plugins/a/api/shapes.ts',
    'plugins/a/store/Star.vue',
  ])
  const staged = new Map(Object.entries(files))
  const state = stateOf('admin', found, staged)
  const changes = Object.keys(files).filter(
    (path) => stateOf('admin', found, new Map([...staged, [path, 'changed']])) !== state,
  )
  expect(changes).toEqual([
    'admin/main.ts',
    'plugins/a/admin/Page.vue',
    'plugins/a/admin/page.css',
    'plugins/a/store/Star.vue',
    'plugins/a/api/shapes.ts',
  ])
  expect(names(staged)).not.toContain('plugins/a/migrations/0001.sql')
})

import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, type Rolldown } from 'vite'
import { afterAll, expect, test } from 'vitest'
import { modulesFolder } from '../house.ts'
import { vueCompiler } from './vue-compiler.ts'

const work = realpathSync(mkdtempSync(join(tmpdir(), 'compose-vue-')))
afterAll(() => rmSync(work, { recursive: true, force: true }))

test('props may be typed by another file and by what a package gives', async () => {
  mkdirSync(join(work, 'shapes'))
  symlinkSync(modulesFolder(), join(work, 'node_modules'))
  writeFileSync(
    join(work, 'shapes/card.ts'),
    "import type { Product } from '@bitcartcc/sdk/resources'\nexport interface Card { product: Product; stars?: number }\n",
  )
  writeFileSync(
    join(work, 'Card.vue'),
    `<script setup lang="ts">
import type { Card } from './shapes/card.ts'
import type { HttpProblem } from '@bitcartcc/sdk/resources'
defineProps<Card & { problem: HttpProblem }>()
</script>
<template><b>{{ product.name }} {{ stars }} {{ problem.title }}</b></template>
`,
  )
  const vue = vueCompiler((file) => file.slice(work.length))
  const made = (await build({
    configFile: false,
    root: work,
    logLevel: 'silent',
    plugins: [vue.plugin],
    build: {
      write: false,
      minify: false,
      lib: { entry: join(work, 'Card.vue'), formats: ['es'] },
      rolldownOptions: { external: ['vue'] },
    },
  })) as Rolldown.RolldownOutput[]
  const code = made[0]?.output[0].code ?? ''
  expect(code.match(/props: \{[^]*?\n\t\}/)?.[0]).toMatchInlineSnapshot(`
    "props: {
    		product: {
    			type: null,
    			required: true
    		},
    		stars: {
    			type: Number,
    			required: false
    		},
    		problem: {
    			type: null,
    			required: true
    		}
    	}"
  `)
  const types = vue.typesOf(join(work, 'Card.vue'))
  expect(types.filter((file) => file.startsWith(work))).toEqual([join(work, 'shapes/card.ts')])
})

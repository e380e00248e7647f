import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { build, type Rolldown } from 'vite'
import { afterAll, expect, test } from 'vitest'
import { modulesFolder } from '../house.ts'
import { vueCompiler } from './vue-compiler.ts'

const work = realpathSync(mkdtempSync(join(tmpdir(), 'compose-vue-')))
afterAll(() => rmSync(work, { recursive: true, force: true }))

symlinkSync(modulesFolder(), join(work, 'node_modules'))

async function compiled(component: string) {
  const vue = vueCompiler((file) => file.slice(work.length))
  const made = (await build({
    configFile: false,
    root: work,
    logLevel: 'silent',
    plugins: [vue.plugin],
    build: {
      write: false,
      minify: false,
      lib: { entry: join(work, component), formats: ['es'] },
      rolldownOptions: { external: ['vue'] },
    },
  })) as Rolldown.RolldownOutput[]
  return { code: made[0]?.output[0].code ?? '', types: vue.typesOf(join(work, component)) }
}

function write(path: string, text: string | object) {
  mkdirSync(dirname(join(work, path)), { recursive: true })
  writeFileSync(join(work, path), typeof text === 'string' ? text : JSON.stringify(text))
}

test('props may be typed by another file and by what a package gives', async () => {
  write(
    'shapes/card.ts',
    "import type { Product } from '@bitcartcc/sdk/resources'\nexport interface Card { product: Product; stars?: number }\n",
  )
  write(
    'Card.vue',
    `<script setup lang="ts">
import type { Card } from './shapes/card.ts'
import type { HttpProblem } from '@bitcartcc/sdk/resources'
defineProps<Card & { problem: HttpProblem }>()
</script>
<template><b>{{ product.name }} {{ stars }} {{ problem.title }}</b></template>
`,
  )
  const { code, types } = await compiled('Card.vue')
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
  // Of what schemas are made with, one file: no props can be read from the 160 around it.
  expect(types.map((file) => basename(file))).toEqual(['card.ts', 'resources.ts', 'static.d.mts'])
})

const shape = 'export interface Shape { stars: number }\n'

test.each<{
  readonly by: string
  readonly from: string
  readonly files: Readonly<Record<string, string | object>>
}>([
  {
    by: 'conditions of its exports',
    from: 'shapes/card',
    files: {
      'package.json': { exports: { './*': { types: './types/*.d.ts', default: './js/*.js' } } },
      'types/card.d.ts': shape,
      'js/card.js': '',
    },
  },
  {
    by: 'conditions within conditions',
    from: 'shapes',
    files: {
      'package.json': {
        exports: { '.': { require: { types: './i.d.cts' }, import: { types: './i.d.mts' } } },
      },
      'i.d.cts': '',
      'i.d.mts': shape,
    },
  },
  {
    by: 'what lies beside its code',
    from: 'shapes',
    files: { 'package.json': { exports: './i.js' }, 'i.js': '', 'i.d.ts': shape },
  },
  {
    by: 'its field `types`, through another of its files',
    from: 'shapes',
    files: {
      'package.json': { types: './i.d.ts' },
      'i.d.ts': "export * from './of.js'\n",
      'of.d.ts': shape,
    },
  },
  {
    by: 'a folder for a version of TypeScript',
    from: 'shapes',
    files: {
      'package.json': { exports: { 'types@>=4': './new.d.ts', types: './old.d.ts' } },
      'new.d.ts': shape,
      'old.d.ts': '',
    },
  },
  {
    by: 'a package of types',
    from: 'shapes',
    files: {
      'package.json': { main: './i.js' },
      'i.js': '',
      '../@types/shapes/package.json': { types: './i.d.ts' },
      '../@types/shapes/i.d.ts': shape,
    },
  },
  {
    by: 'a tsconfig before any package',
    from: 'shapes',
    files: {
      'package.json': { types: './i.d.ts' },
      'i.d.ts': 'export interface Shape { stars: string }\n',
      '../../tsconfig.json': {
        compilerOptions: {
          module: 'esnext',
          moduleResolution: 'bundler',
          paths: { shapes: ['./own/shapes.ts'] },
        },
      },
      '../../own/shapes.ts': shape,
    },
  },
])('what a package says of its types is found by $by', async ({ by, from, files }) => {
  const folder = by.replaceAll(/\W+/g, '-')
  for (const [path, text] of Object.entries(files))
    write(join(folder, 'node_modules/shapes', path), text)
  write(
    `${folder}/Stars.vue`,
    `<script setup lang="ts">
import type { Shape } from '${from}'
defineProps<Shape>()
</script>
<template><b>{{ stars }}</b></template>
`,
  )
  expect((await compiled(`${folder}/Stars.vue`)).code).toMatch(
    /stars: \{\s+type: Number,\s+required: true/,
  )
})

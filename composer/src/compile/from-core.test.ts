import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createBuilder, type Rolldown } from 'vite'
import { afterAll, expect, test } from 'vitest'
import { modulesFolder } from '../house.ts'
import { reached, type CoreMap } from './core-map.ts'
import { fromCore } from './from-core.ts'
import { ownerAmongPlugins } from './owners.ts'
import { viteOptions } from './vite-options.ts'

const work = realpathSync(mkdtempSync(join(tmpdir(), 'compose-from-core-')))
afterAll(() => rmSync(work, { recursive: true, force: true }))

const map: CoreMap = {
  doors: {
    vue: {
      ref: ['admin/assets/vendor-AAAAAAAA.js', 'ref$1'],
      computed: ['admin/assets/vendor-AAAAAAAA.js', 'computed'],
    },
    '@bitcartcc/ui': {
      AppButton: ['admin/assets/core-AAAAAAAA.js', 'AppButton_default'],
      theRef: ['admin/assets/vendor-AAAAAAAA.js', 'ref$1'],
    },
    '@bitcartcc/admin': { createAdmin: ['admin/assets/core-AAAAAAAA.js', 'createAdmin'] },
    '\0vite/preload-helper.js': {
      __vitePreload: ['admin/assets/vendor-AAAAAAAA.js', '__vitePreload'],
    },
  },
  imports: {
    'admin/assets/vendor-AAAAAAAA.js': { static: [], lazy: [], css: [] },
    'admin/assets/core-AAAAAAAA.js': {
      static: ['admin/assets/vendor-AAAAAAAA.js'],
      lazy: ['admin/assets/core-slots-AAAAAAAA.js'],
      css: ['admin/assets/core-AAAAAAAA.css'],
    },
    'admin/assets/core-slots-AAAAAAAA.js': { static: [], lazy: [], css: [] },
  },
}

const files = {
  'admin/index.html':
    '<html><head><title>Admin</title><script type="module" src="./main.ts"></script></head></html>',
  'admin/main.ts': `import { createAdmin } from '@bitcartcc/admin'
createAdmin([() => import('../plugins/one/page.ts'), () => import('../plugins/two/page.ts')])
`,
  'plugins/one/page.ts': `import * as vue from 'vue'
import { AppButton } from '@bitcartcc/ui'
export * from '@bitcartcc/ui'
export default [AppButton, vue.ref(1), Object.keys(vue)]
`,
  'plugins/two/page.ts': `import { ref } from 'vue'
import both from 'both'
import './two.css'
export default [ref, both]
`,
  'plugins/two/two.css': 'b { color: blue }',
  'plugins/two/node_modules/both/package.json': '{ "name": "both", "main": "both.cjs" }',
  'plugins/two/node_modules/both/both.cjs': 'exports.of = [require("vue").computed]\n',
}

test('what plugins import of core leads to its files, by the names that things have there', async () => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(work, path)), { recursive: true })
    writeFileSync(join(work, path), text)
  }
  symlinkSync(modulesFolder(), join(work, 'node_modules'))
  const used = new Map()
  const paths = { work, cache: '', out: '' }
  const ownerOf = ownerAmongPlugins(paths)
  const cores = new Map([['admin', { files: new Map(), map }]])
  const options = viteOptions(paths, ['admin'], join(work, 'out'), noServer, ownerOf, [
    fromCore(cores, ownerOf, used),
  ])
  const builder = await createBuilder(options)
  const admin = builder.environments['admin']
  if (!admin) throw new Error('no admin')
  Object.assign(admin.config.build, { minify: false, write: false })
  const { output } = (await builder.build(admin)) as Rolldown.RolldownOutput // one output, not watched
  const told = output.map((each) => [
    withoutHash(each.fileName),
    withoutHash(each.type === 'chunk' ? each.code : String(each.source)),
  ])
  const { 'admin/assets/rolldown-runtime.js': _, ...all } = Object.fromEntries(told) as Texts
  expect(all).toMatchInlineSnapshot(`
    {
      "admin/assets/_kept.js": "export { __commonJSMin, __esmMin, __exportAll, __reExport, __require, __toCommonJS, __toESM } from "./rolldown-runtime.js";
    ",
      "admin/assets/admin.js": "const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["admin/assets/one.js","admin/assets/rolldown-runtime.js","admin/assets/two.js","admin/assets/vendor-both.js","admin/assets/two.css"])))=>i.map(i=>d[i]);
    import { createAdmin } from "./core-AAAAAAAA.js";
    import { __vitePreload } from "./vendor-AAAAAAAA.js";
    createAdmin([() => __vitePreload(() => import("./one.js").then((n) => n.page_exports), __vite__mapDeps([0,1])), () => __vitePreload(() => import("./two.js").then((n) => n.page_exports), __vite__mapDeps([2,1,3,4]))]);
    ",
      "admin/assets/one.js": "import { __exportAll } from "./rolldown-runtime.js";
    import { AppButton_default as AppButton } from "./core-AAAAAAAA.js";
    import { computed, ref$1 as ref, ref$1 as theRef } from "./vendor-AAAAAAAA.js";
    var vue_exports = /* @__PURE__ */ __exportAll({
    	computed: () => computed,
    	ref: () => ref
    });
    var page_exports = /* @__PURE__ */ __exportAll({
    	AppButton: () => AppButton,
    	default: () => page_default,
    	theRef: () => theRef
    });
    var page_default = [
    	AppButton,
    	ref(1),
    	Object.keys(vue_exports)
    ];
    export { page_exports };
    ",
      "admin/assets/two.css": "b{color:#00f}
    ",
      "admin/assets/two.js": "import { __exportAll, __toESM } from "./rolldown-runtime.js";
    import { require_both } from "./vendor-both.js";
    import { ref$1 as ref } from "./vendor-AAAAAAAA.js";
    var import_both = /* @__PURE__ */ __toESM(require_both());
    var page_exports = /* @__PURE__ */ __exportAll({ default: () => page_default });
    var page_default = [ref, import_both.default];
    export { page_exports };
    ",
      "admin/assets/vendor-both.js": "import { __commonJSMin, __esmMin, __exportAll, __toCommonJS } from "./rolldown-runtime.js";
    import { computed, ref$1 as ref } from "./vendor-AAAAAAAA.js";
    var vue_exports = /* @__PURE__ */ __exportAll({
    	computed: () => computed,
    	ref: () => ref
    });
    var init_vue = __esmMin((() => {}));
    var require_both = /* @__PURE__ */ __commonJSMin(((exports) => {
    	exports.of = [(init_vue(), __toCommonJS(vue_exports)).computed];
    }));
    export { require_both };
    ",
      "admin/index.html": "<html><head><title>Admin</title>  <script type="module" crossorigin src="/admin/assets/admin.js"></script>
      <link rel="modulepreload" crossorigin href="/admin/assets/vendor-AAAAAAAA.js">
      <link rel="modulepreload" crossorigin href="/admin/assets/core-AAAAAAAA.js">
      <link rel="stylesheet" crossorigin href="/admin/assets/core-AAAAAAAA.css">
    </head></html>",
    }
  `)
  expect(used).toEqual(
    new Map([
      ['admin', new Set(['admin/assets/core-AAAAAAAA.js', 'admin/assets/vendor-AAAAAAAA.js'])],
    ]),
  )
})

type Texts = Readonly<Record<string, string>>

/** As it is on every machine: without the hashes of what was made here, and without where it was made. */
const withoutHash = (text: string) =>
  text.replaceAll(/-(?!A{8})[\w-]{8}(?=\.(js|css))/g, '').replaceAll(/^\/\/ .*\n/gm, '')

const noServer = { services: new Map<string, string>(), natives: [] }

test('what core needs of itself comes along, in the order in which it runs', () => {
  const core = ['admin/assets/core-AAAAAAAA.js']
  expect(reached(map, core, ({ static: now }) => now)).toEqual([
    'admin/assets/vendor-AAAAAAAA.js',
    'admin/assets/core-AAAAAAAA.js',
  ])
  expect(reached(map, core, ({ static: now, lazy }) => [...now, ...lazy])).toEqual([
    'admin/assets/vendor-AAAAAAAA.js',
    'admin/assets/core-slots-AAAAAAAA.js',
    'admin/assets/core-AAAAAAAA.js',
  ])
})

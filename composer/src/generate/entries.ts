import type { Plan } from '../model/plan.ts'
import { header } from './module.ts'

/** The programs that join core to the wiring. */
export function entries(plan: Plan): readonly (readonly [string, string])[] {
  return [
    ['server.ts', serverEntry],
    ['program.ts', program(plan.deployment.database === 'embedded')],
    ['admin/index.html', shell('Admin', '')],
    ['admin/main.ts', appEntry('admin', 'createAdmin')],
    // Asked for before the first paint: a store never flashes in colours that are not its own.
    [
      'store/index.html',
      shell('Store', '<link rel="stylesheet" href="/api/theme.css" vite-ignore />'),
    ],
    ['store/main.ts', appEntry('store', 'createStore')],
    ['package.json', '{ "private": true, "type": "module" }\n'],
    ['tsconfig.json', tsconfig],
  ]
}

const serverEntry = `${header}import { begin } from '@bitcartcc/server/begin'

// Loaded only then: an older Node could not read it, and what was compiled before is taken as it is.
if (begin(import.meta.dirname)) {
  const { run } = await import('./program.ts')
  await run({ folder: import.meta.dirname })
}
`

const program = (isEmbedded: boolean) => `${header}import { runServer } from '@bitcartcc/server'
import { api } from './wiring/api.ts'
import { notify } from './wiring/notify.ts'
import { commands } from './wiring/commands.ts'
import { hooks } from './wiring/hooks.ts'
import { payments } from './wiring/payments.ts'
import { plugins } from './wiring/plugins.ts'
import { rates } from './wiring/rates.ts'
import { worker } from './wiring/worker.ts'

const wiring = {
  plugins,
  api,
  worker,
  payments,
  rates,
  notify,
  commands,
  hooks,${isEmbedded ? "\n  embedded: () => import('@bitcartcc/domain/embedded')," : ''}
}

export const run = (from: { folder: string }) => runServer(wiring, from)
`

const appEntry = (
  app: 'admin' | 'store',
  create: string,
) => `${header}import { ${create} } from '@bitcartcc/${app}'
import { ${app} } from '../wiring/${app}.ts'

void ${create}(${app})
`

const shell = (title: string, theme: string) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <link rel="icon" href="data:," />${theme && `\n    ${theme}`}
    <title>${title}</title>
  </head>
  <body>
    <div id="app"></div>
    <noscript>This page needs JavaScript.</noscript>
    <script type="module" src="./main.ts"></script>
  </body>
</html>
`

const tsconfig = `${JSON.stringify(
  {
    compilerOptions: {
      target: 'es2024',
      lib: ['es2024', 'esnext.disposable', 'dom', 'dom.iterable'],
      module: 'esnext',
      moduleResolution: 'bundler',
      moduleDetection: 'force',
      strict: true,
      noUncheckedIndexedAccess: true,
      verbatimModuleSyntax: true,
      isolatedModules: true,
      allowImportingTsExtensions: true,
      noEmit: true,
      resolveJsonModule: true,
      jsx: 'preserve',
      skipLibCheck: true,
      types: ['node', 'vite/client'],
    },
    include: ['wiring/*.ts', 'plugins/**/*.ts', 'plugins/**/*.vue'],
    exclude: ['**/node_modules'],
  },
  null,
  2,
)}\n`

import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createRequire } from 'node:module'
import { createDomain } from '../src/index.ts'
import { migrate } from '../src/migrator.ts'
import { databases, planWith } from '../src/test-support.ts'
const require = createRequire('/work/main/test/package.json')
const { parse } = require('yaml')
const V: any = await import(createRequire('/work/main/core/sdk/package.json').resolve('typebox/value'))
const log = { info() {}, warn: console.warn, error: console.error }
export async function shop(plugin: string) {
  const folder = `/work/main/plugins/${plugin}`
  const m = parse(readFileSync(join(folder, 'plugin.yaml'), 'utf8'))
  const { Manifest } = await import('@bitcartcc/sdk/manifest')
  console.log('manifest errors', V.Errors(Manifest, m))
  const c = m.contributes
  const load = async (f: string) => (await import(join(folder, f))).default
  const files = Object.fromEntries(readdirSync(join(folder, 'migrations')).sort().map((f) => [f.replace('.sql', ''), readFileSync(join(folder, 'migrations', f), 'utf8')]))
  const jobs = await Promise.all((c['worker.jobs'] ?? []).map(async (j: any) => ({ plugin, job: await load(j.run) })))
  const listeners = await Promise.all((c['worker.events'] ?? []).map(async (j: any) => ({ plugin, listener: await load(j.run) })))
  const routes = await load(c['api.routes'])
  const facts = { name: plugin, version: '1.0.0', title: m.title, permissions: m.permissions ?? {}, settings: m.settings ?? {},
    templates: Object.fromEntries((c.templates ?? []).map((t: any) => [t.name, { text: readFileSync(join(folder, t.file), 'utf8'), variables: t.variables ?? {} }])),
    jobs: Object.fromEntries((c['worker.jobs'] ?? []).map((j: any) => [j.name, j.payload ?? { type: 'object' }])), emits: m.emits ?? {} }
  const wiring: any = { plugins: [facts], api: { routes: [] }, worker: { jobs, listeners } }
  const at = await databases[Number(process.env.DBI ?? 0)]!.open()
  await migrate(at.database.pool, planWith(plugin, files))
  const domain = await createDomain({ database: at.database, wiring, distribution: { core: '1.0.0', settings: {} } as any, env: {}, dataDir: at.dataDir, log })
  const user = await domain.users.create({ email: 'a@example.com', name: 'Owner', password: 'correct horse battery', permissions: [] })
  await domain.queue.work({ jobs, listeners })
  const call = async (key: string, given: any = {}, as: any = { user, visitor: 'v1' }) => {
    const r = routes[key]; const ctx = { ...(await domain.contextFor(plugin)), ...as }
    for (const k of ['params', 'query', 'body']) if (r.shape[k]) { const e = V.Errors(r.shape[k], given[k] ?? {}); if ([...e].length) throw new Error(`${key} ${k} ${JSON.stringify([...e])}`) }
    const out = await r.handle({ params: given.params, query: given.query ?? {}, body: given.body }, ctx)
    const e = [...V.Errors(r.shape.returns, out)]; if (e.length) throw new Error('returns ' + JSON.stringify(e))
    return out
  }
  return { domain, call, at, user, close: async () => { await domain.close(); await at.close() } }
}

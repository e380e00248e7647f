import { shop } from './run.ts'
const s = await shop('batch-import')
const run = async (text: string, mode = 'good-rows') => { const i = await s.call('POST /imports', { body: { fileName: 'f.csv', text, mode } }); await s.domain.queue.drain(); return s.call('GET /imports/:id', { params: { id: i.id } }) }
const csv = 'name,price,stock,colour\nMug,12.50,3,red\nBad,x,,\n"Two\nlines",1,,\n'
console.log(await s.call('POST /preview', { body: { text: csv } }))
let r = await run(csv); console.log(r); console.log(await s.call('GET /imports/:id/refused', { params: { id: r.id } }))
r = await run(csv, 'all-or-nothing'); console.log(r)
r = await run(''); console.log(r)
console.log((await s.domain.products.list({ hidden: true, limit: 10 })).items.map((p) => [p.name, p.price, p.stock]))
const big = 'name,price,stock,category\n' + Array.from({ length: 5000 }, (_, i) => `"Product ${i}",${i}.50,${i},cat`).join('\n')
console.time('5000'); r = await run(big); console.timeEnd('5000'); console.log(r)
// a second attempt after a cut
const ctx: any = await s.domain.contextFor('batch-import')
await ctx.db.updateTable('imports').set({ state: 'importing', content: big, ended_at: null }).where('id', '=', r.id).execute()
await ctx.jobs.add('import', { importId: r.id }); await s.domain.queue.drain(); console.log(await s.call('GET /imports/:id', { params: { id: r.id } }))
const n = await ctx.db.selectFrom('core_v1.products').select((e: any) => e.fn.countAll().as('n')).execute(); console.log(n)
console.log((await s.call('GET /imports')).items.length)
await s.close()

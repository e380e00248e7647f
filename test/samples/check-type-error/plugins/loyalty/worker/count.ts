import { job } from '../plugin.gen.ts'

export default job('count', (_, { tx }) =>
  tx(async (t) => {
    const name: number = 'many'
    await t.emit('loyalty.counted', { name })
  }),
)

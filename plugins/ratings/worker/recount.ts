import { job } from '../plugin.gen.ts'
import { countAgain } from './count-again.ts'

/** Counts every vote again, so that a tally that went wrong is wrong for a day at most. */
export default job('recount', async (_, { tx }) => {
  await tx((t) => countAgain(t.db))
})

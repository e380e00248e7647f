import { command } from '../plugin.gen.ts'
import { countAgain } from '../worker/count-again.ts'

/** For an operator who will not wait for the night. */
export default command(async ({ tx, print }) => {
  const votes = await tx((t) => countAgain(t.db))
  print(votes === 1 ? 'Counted 1 vote.' : `Counted ${votes} votes.`)
})

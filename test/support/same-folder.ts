import { afterAll } from 'vitest'

// Files run one after another in one process: what one leaves as its folder, the next writes into.
const home = process.cwd()
afterAll(() => {
  const left = process.cwd()
  process.chdir(home)
  if (left !== home) throw new Error(`this file leaves its process in ${left}`)
})

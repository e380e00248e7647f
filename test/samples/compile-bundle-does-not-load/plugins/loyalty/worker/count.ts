import { readFileSync } from 'node:fs'
import { job } from '../plugin.gen.ts'

const { perCoin } = JSON.parse(readFileSync('/etc/loyalty/rates.json', 'utf8')) as {
  perCoin: number
}

export default job('count', (_, { log }) => {
  log.info('counted', { perCoin })
  return Promise.resolve()
})

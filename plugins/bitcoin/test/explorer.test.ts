import { expect, test } from 'vitest'
import { explorerLink, transactionOf } from '../admin/explorer.ts'

test('a payment leads to its transaction at the explorer, on its chain; without an explorer nowhere', () => {
  const id = transactionOf('ab12:3')
  expect([
    explorerLink('https://mempool.space', 'bitcoin', 'tx', id),
    explorerLink('https://mempool.space/', 'testnet', 'tx', id),
    explorerLink('https://example.com/btc', undefined, 'address', 'bc1q/x'),
    explorerLink('', 'bitcoin', 'tx', id),
  ]).toEqual([
    'https://mempool.space/tx/ab12',
    'https://mempool.space/testnet/tx/ab12',
    'https://example.com/btc/address/bc1q%2Fx',
    undefined,
  ])
})

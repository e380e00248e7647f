/** Where an explorer shows a transaction, or an address: test chains stand below `/testnet`. Undefined without an explorer. */
export function explorerLink(
  explorer: string,
  network: unknown,
  kind: 'tx' | 'address',
  id: string,
): string | undefined {
  if (explorer === '') return undefined
  const chain = network === 'testnet' ? '/testnet' : ''
  return `${explorer.replace(/\/+$/, '')}${chain}/${kind}/${encodeURIComponent(id)}`
}

/** The transaction of a payment's reference, `txid:n`. */
export const transactionOf = (reference: string): string => reference.split(':')[0] ?? ''

/** The address of BIP 21 that opens a wallet with everything filled in. `amount` is an exact decimal text in BTC. */
export function bip21(address: string, amount: string, label: string): string {
  const short = amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount
  return `bitcoin:${address}?amount=${short}&label=${encodeURIComponent(label)}`
}

export const labelOf = (invoiceNumber: number) => `Invoice ${invoiceNumber}`

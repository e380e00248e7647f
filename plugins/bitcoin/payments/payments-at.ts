import type { OpenDemand, ReportedPayment } from '@bitcartcc/sdk/server'
import { textOf } from './amounts.ts'
import type { Esplora, Transaction } from './esplora.ts'

/** Inputs that are kept of a payment, to see later whether another transaction took them. */
const keptInputs = 50

/**
 * What came to the address of a demand, and what that came before will never come.
 *
 * A server that lags may have forgotten a payment: it is taken back only where another transaction spends the same money.
 * Where that other one pays the address too (a raised fee), both are told together.
 */
export async function paymentsAt(
  esplora: Esplora,
  { address, payments: known }: OpenDemand,
): Promise<readonly ReportedPayment[]> {
  const found = new Map(
    (await esplora.transactionsOf(address)).map((transaction) => [transaction.id, transaction]),
  )
  const failed = new Set<string>()
  for (const payment of known) {
    const id = idOf(payment.reference)
    if (payment.isFailed || found.has(id) || failed.has(id)) continue
    const own = await esplora.transaction(id)
    if (own) found.set(id, own)
    else {
      const other = await takerOf(esplora, id, payment.metadata)
      if (!other) continue
      failed.add(id)
      found.set(other.id, other)
    }
  }
  const isAnyInBlock = [...found.values()].some(({ height }) => height !== null)
  const tip = isAnyInBlock ? await esplora.tipHeight() : 0
  return [
    ...[...found.values()].flatMap((transaction) => paymentsIn(transaction, address, tip)),
    ...known
      .filter(({ reference }) => failed.has(idOf(reference)))
      .map((payment) => ({ ...payment, confirmations: 0, isFailed: true })),
  ]
}

const idOf = (reference: string) => reference.split(':')[0] ?? ''

/** The transaction that spends what a lost one would have spent; undefined where none is known to. */
async function takerOf(
  esplora: Esplora,
  lost: string,
  metadata: Readonly<Record<string, unknown>>,
): Promise<Transaction | undefined> {
  const inputs = Array.isArray(metadata['inputs']) ? metadata['inputs'] : []
  for (const input of inputs) {
    const spender = await esplora.spenderOf(String(input))
    if (spender === null || spender === lost) continue
    const other = await esplora.transaction(spender)
    if (other) return other
  }
  return undefined
}

/** A payment for each output that pays the address. */
function paymentsIn(
  { id, inputs, outputs, height }: Transaction,
  address: string,
  tip: number,
): readonly ReportedPayment[] {
  // A server may know the block of a transaction before it counts that block as its last.
  const confirmations = height === null ? 0 : Math.max(1, tip - height + 1)
  return outputs.flatMap((output, index) =>
    output.address === address && output.satoshi > 0n
      ? [
          {
            reference: `${id}:${index}`,
            amount: textOf(output.satoshi),
            confirmations,
            isFailed: false,
            metadata: { inputs: inputs.slice(0, keptInputs) },
          },
        ]
      : [],
  )
}

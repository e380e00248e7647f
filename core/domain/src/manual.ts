import type { PaymentMethod } from './payment-methods.ts'
import { templateOf } from './templates.ts'

/** Paid by hand: the merchant sees the money and says so. */
export const manual: PaymentMethod = {
  name: 'manual',
  title: 'Manual payment',
  instructions({ manualInstructions }, invoice) {
    const text = typeof manualInstructions === 'string' ? manualInstructions : ''
    try {
      return renderOf(text)(invoice)
    } catch {
      // The merchant's text is not a template: it is shown as it stands.
      return text
    }
  },
}

// Compiling takes longer than all else about an invoice, and the text is nearly always the one before.
let last = { text: '', render: templateOf('') }
function renderOf(text: string) {
  if (last.text !== text) last = { text, render: templateOf(text) }
  return last.render
}

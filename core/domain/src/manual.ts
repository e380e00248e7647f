import type { Domain } from './domain.ts'
import type { PaymentMethod } from './payment-methods.ts'
import { templateOf } from './templates.ts'

/** Paid by hand: the merchant sees the money and says so. */
export const createManual = (settings: Domain['settings']): PaymentMethod => ({
  name: 'manual',
  title: 'Manual payment',
  async instructionsFor(storeId) {
    const { manualInstructions } = await settings.ofStore('core', storeId)
    const text = typeof manualInstructions === 'string' ? manualInstructions : ''
    const render = templateOf(text)
    return (invoice) => {
      try {
        return render(invoice)
      } catch {
        // The merchant's text is not a template: it is shown as it stands.
        return text
      }
    }
  },
})

import type { Cart, CartNotes, Invoice, PaymentRequest, Product } from './resources.ts'

/** A place where lists of a kind can be refreshed by what a plugin did. */
export interface Reloadable {
  /** Reads the list again. */
  readonly reload: () => void
}

/** Every slot of the admin: id → the props its fills receive. */
export interface AdminSlots {
  /** Cards on the dashboard, after core's own. */
  'dashboard.cards.after': Record<never, never>
  /** Buttons beside "Add product" over the product table. */
  'product.list.toolbar': Reloadable
  /** Beside the form of one product. */
  'product.details.side': { readonly product: Product }
  /** Beside the facts of one invoice. */
  'invoice.details.side': { readonly invoice: Invoice }
}

/** Every slot of the store: id → the props its fills receive. */
export interface StoreSlots {
  /** On a product's card in the list, under the price. */
  'product.card.after': { readonly product: Product }
  /** On a product's page, under the title. */
  'product.details.title': { readonly product: Product }
  /** On a product's page, below the description. */
  'product.details.after': { readonly product: Product }
  /** At the checkout, below what buyers say of themselves. */
  'checkout.details.after': {
    readonly cart: Cart
    /** Notes in the cart what a plugin opens to buyers; an order that is placed meanwhile waits for it. */
    readonly note: (notes: CartNotes) => Promise<void>
  }
  /** On an invoice's page, below its facts. */
  'invoice.details.after': { readonly invoice: Invoice }
  /** At the foot of every page. */
  'page.footer.after': Record<never, never>
}

/** What the components of a payment method receive. */
export interface MethodSlots {
  /** In the store: how to pay one invoice by this method, in the place of core's plain text. */
  checkout: { readonly invoice: Invoice; readonly request: PaymentRequest }
  /** In the admin: the form of an account, in the place of the one made from its schema. */
  account: {
    readonly values: Readonly<Record<string, unknown>>
    /** Field → what is wrong with it. */
    readonly errors: Readonly<Record<string, string>>
    /** Changes one field. */
    readonly change: (field: string, value: unknown) => void
  }
}

/** Slots whose content a plugin may replace; all others take append, prepend and wrap. */
export const replaceableSlots = ['page.footer.after', 'product.card.after'] as const

export const adminSlotNames = [
  'dashboard.cards.after',
  'product.list.toolbar',
  'product.details.side',
  'invoice.details.side',
] as const satisfies readonly (keyof AdminSlots)[]
export const storeSlotNames = [
  'product.card.after',
  'product.details.title',
  'product.details.after',
  'checkout.details.after',
  'invoice.details.after',
  'page.footer.after',
] as const satisfies readonly (keyof StoreSlots)[]

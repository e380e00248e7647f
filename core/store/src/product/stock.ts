import { t } from '../app/texts.ts'

/** How many pieces one order may hold where stock is not counted. */
export const mostPieces = 99

/** Gives how many more pieces a visitor can put into the cart. */
export function piecesLeft(stock: number | null, inCart: number): number {
  return Math.max(0, (stock ?? mostPieces) - inCart)
}

export interface StockWords {
  readonly text: string
  readonly tone: 'good' | 'warn' | 'faint'
}

/** Words what a customer should know of the stock; null where there is nothing to say. */
export function stockWords(stock: number | null): StockWords | null {
  if (stock === null) return null
  if (stock === 0) return { text: t('Sold out'), tone: 'faint' }
  if (stock === 1) return { text: t('Last one'), tone: 'warn' }
  if (stock <= 5) return { text: t('Only {count} left', { count: stock }), tone: 'warn' }
  return { text: t('In stock'), tone: 'good' }
}

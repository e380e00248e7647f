/** One way to pay, as `GET /api/payment-methods` gives it. */
export interface PaymentMethod {
  readonly name: string
  readonly title: string
}

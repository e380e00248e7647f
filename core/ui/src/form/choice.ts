/** One line of a SelectField. */
export interface Choice {
  readonly value: string
  readonly title: string
}

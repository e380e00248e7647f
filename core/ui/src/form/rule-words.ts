import { t } from '../text/texts.ts'

/** What is asked about a control: a part of what a browser knows of it. */
export interface Checked {
  readonly type: string
  readonly validity: Partial<ValidityState>
  readonly validationMessage: string
  readonly min?: string
  readonly max?: string
  readonly minLength?: number
  readonly maxLength?: number
}

/** The rule that a control breaks, as a sentence; the browser's own words where it knows one that we do not. */
export function ruleWords(control: Checked): string {
  const { validity, type, min = '', max = '' } = control
  if (validity.valueMissing) return type.startsWith('select') ? t('Choose one') : t('Fill this in')
  if (validity.typeMismatch && type === 'email')
    return t('Write an e-mail address, like ada@example.com')
  if (validity.typeMismatch && type === 'url')
    return t('Write an address, like https://example.com')
  if (validity.badInput) return t('Write a number')
  if (validity.tooShort) return t('At least {count} characters', { count: control.minLength ?? 0 })
  if (validity.tooLong) return t('At most {count} characters', { count: control.maxLength ?? 0 })
  if (validity.rangeUnderflow) return t('At least {min}', { min })
  if (validity.rangeOverflow) return t('At most {max}', { max })
  return control.validationMessage
}

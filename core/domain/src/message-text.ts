import { templateFaults, type TemplateFault } from './template-check.ts'
import { templateOf } from './templates.ts'

export interface MessageText {
  /** One line without control characters: nothing in it can become a header. */
  readonly subject: string
  readonly text: string
}

const longestSubject = 200

/** Renders a message: its first line is the subject. Both are rendered apart, so that no variable breaks out of its part. */
export function messageOf(template: string, variables: object): MessageText {
  const { first, rest } = partsOf(template)
  const subject = templateOf(first)(variables)
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
  const text = templateOf(rest)(variables)
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '')
  return { subject: Array.from(subject).slice(0, longestSubject).join(''), text }
}

/** What is wrong with the template of a message; its parts stand for themselves. */
export function messageFaults(template: string, variables: object): readonly TemplateFault[] {
  const { first, rest } = partsOf(template)
  return [
    ...(first.trim() === '' ? [{ line: 1, says: 'is empty: it is the subject' }] : []),
    ...templateFaults(first, variables),
    ...templateFaults(rest, variables).map(({ line, says }) => ({ line: line + 1, says })),
  ]
}

function partsOf(template: string) {
  const [first = '', ...rest] = template.split('\n')
  return { first, rest: rest.join('\n') }
}

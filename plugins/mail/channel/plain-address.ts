/** One address and nothing else, as a JSON Schema's pattern: no name, no list, no comment, no quotes, nothing that ends a line. */
export const plainAddress = '^[^\\s@<>()\\[\\],;:"\\\\]+@[^\\s@<>()\\[\\],;:"\\\\]+$'

const pattern = new RegExp(plainAddress, 'u')

/** Whether mail to this address goes to it alone. */
export const isPlainAddress = (text: string): boolean => pattern.test(text) && text.length <= 254

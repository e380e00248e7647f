/** What a slot gives, in a few words: `product { id, name }, reload()`; empty where it gives nothing. */
export const propWords = (props: object): string =>
  Object.entries(props)
    .map(([name, value]) => `${name}${shapeOf(value)}`)
    .join(', ')

function shapeOf(value: unknown): string {
  if (typeof value === 'function') return '()'
  if (Array.isArray(value)) return '[]'
  if (typeof value !== 'object' || value === null) return `: ${typeof value}`
  return ` { ${Object.keys(value).join(', ')} }`
}

/** `./admin/RatingsPage.vue` of plugin batch-import → `batchImportRatingsPage`: readable, and unlike for unlike plugins. */
export function identifierFor(plugin: string, file: string): string {
  const stem = file.replace(/^\.\//, '').replace(/\.[a-z]+$/, '')
  const last = stem.split('/').at(-1) ?? stem
  return camel([...plugin.split('-'), ...last.split(/[^A-Za-z0-9]+/)])
}

const camel = (words: readonly string[]) =>
  words
    .filter((word) => word !== '')
    .map((word, at) => (at === 0 ? lowerFirst(word) : upperFirst(word)))
    .join('')

const upperFirst = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
const lowerFirst = (word: string) => word.charAt(0).toLowerCase() + word.slice(1)

/** Makes names unlike by counting from the second of a kind, in the order given. */
export function unlike(): (name: string) => string {
  const seen = new Map<string, number>()
  return (name) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name}${count}`
  }
}

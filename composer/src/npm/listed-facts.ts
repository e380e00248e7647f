import type { ListedFacts, Manifest } from '@bitcartcc/sdk/manifest'
import { listedSchema } from '../read/manifest-schema.ts'
import { misfits } from '../read/misfits.ts'
import { rangesIn } from '../read/manifest-text.ts'
import { isRange } from '../read/range.ts'

/** Where a package.json repeats what versions are chosen by. */
export const factsField = 'bitcartcc'

/** What the package.json of a plugin must say; keys in one order. */
export const listedFacts = ({ name, requires, provides, exclusive }: Manifest): ListedFacts => ({
  name,
  requires,
  ...(provides === undefined ? {} : { provides }),
  ...(exclusive === undefined ? {} : { exclusive }),
})

/** Reads what a package.json says; gives the reason where it cannot be. */
export function readListedFacts(value: unknown): ListedFacts | { readonly because: string } {
  const [wrong] = misfits(listedSchema, value)
  if (wrong) {
    const where = [factsField, ...wrong.path].join('.')
    if (wrong.kind === 'missing-key') return { because: `${where} lacks the key ${wrong.key}.` }
    if (wrong.kind === 'unknown-key') return { because: `${where} is no key that it may have.` }
    return { because: `${where} must be ${wrong.expects}.` }
  }
  const facts = value as ListedFacts // its schema let it through
  const [odd] = rangesIn(facts).filter(([, range]) => !isRange(range))
  return odd ? { because: `${[factsField, ...odd[0]].join('.')} is no range of versions.` } : facts
}

/** What two say otherwise, key by key: `requires`, then what each says as JSON, undefined where it says nothing. */
export const factDifferences = (
  said: Readonly<Record<string, unknown>>,
  meant: Readonly<Record<string, unknown>>,
): readonly (readonly [key: string, said: string | undefined, meant: string | undefined])[] =>
  [...new Set([...Object.keys(meant), ...Object.keys(said)])].flatMap((key) => {
    const [a, b] = [textOf(said[key]), textOf(meant[key])]
    return a === b ? [] : [[key, a, b] as const]
  })

/** One text for one value, in whatever order its keys stand. */
function textOf(value: unknown): string | undefined {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
}

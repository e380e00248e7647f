import type { Problem } from '@bitcartcc/sdk/problem'
import { rowOf } from './places.ts'
import { corePath, urlPathConflict } from './service-problems.ts'
import type { PluginService } from './services.ts'

/** First words of the paths that core's api and apps answer. */
const coreRoots = new Set([
  'admin',
  'api',
  'cart',
  'checkout',
  'health',
  'invoices',
  'metrics',
  'p',
  'products',
  's',
  'store',
])

/** URL paths that two services want, and those that are core's. */
export function pathProblems(all: readonly PluginService[]): readonly Problem[] {
  const exposed = all.flatMap((service) =>
    service.planned.path === undefined
      ? []
      : [
          {
            path: service.planned.path,
            fact: rowOf(
              service.plugin.release,
              'contributes',
              'services',
              'expose',
              service.own.name,
            ),
          },
        ],
  )
  const cores = exposed.filter(({ path }) => coreRoots.has(path.split('/')[1] ?? ''))
  const isInside = (inner: string, outer: string) =>
    inner === outer || inner.startsWith(`${outer}/`)
  const clashes = exposed.flatMap((first, at) =>
    exposed
      .slice(at + 1)
      .flatMap((second) =>
        isInside(first.path, second.path) || isInside(second.path, first.path)
          ? [urlPathConflict(shorter(first.path, second.path), [first.fact, second.fact])]
          : [],
      ),
  )
  return [...cores.map(({ path, fact }) => corePath(path, fact)), ...clashes]
}

const shorter = (a: string, b: string) => (a.length <= b.length ? a : b)

import type { Manifest } from '@bitcartcc/sdk/manifest'

type Path = readonly (string | number)[]

/** A file of code that a manifest names. */
export interface CodeFile {
  /** As written: `./api/routes.ts`. */
  readonly file: string
  readonly path: Path
  readonly side: 'server' | 'client'
  /** What the file gives, as the SDK names the type of it; undefined: a program, that gives nothing. */
  readonly gives?:
    | 'AnyRoutes'
    | 'AnyJob'
    | 'AnyListener'
    | 'AnyPaymentMethod'
    | 'AnyRateProvider'
    | 'AnyNotifyChannel'
    | 'AnyCommand'
    | 'AnyHook'
    | 'Component'
}

/** Every file of code that a manifest names, with where. */
export function codeFilesOf({ contributes }: Manifest): readonly CodeFile[] {
  const routes = contributes['api.routes']
  const { services } = contributes
  const entry = typeof services === 'string' ? {} : (services?.entry ?? {})
  return [
    ...(routes === undefined
      ? []
      : [{ file: routes, path: ['contributes', 'api.routes'], ...server('AnyRoutes') }]),
    ...(contributes['worker.jobs'] ?? []).map(({ run }, at) => ({
      file: run,
      path: ['contributes', 'worker.jobs', at, 'run'],
      ...server('AnyJob'),
    })),
    ...(contributes['worker.events'] ?? []).map(({ run }, at) => ({
      file: run,
      path: ['contributes', 'worker.events', at, 'run'],
      ...server('AnyListener'),
    })),
    ...(['admin.pages', 'admin.slots', 'store.pages', 'store.slots'] as const).flatMap((point) =>
      (contributes[point] ?? []).map(({ component }, at) => ({
        file: component,
        path: ['contributes', point, at, 'component'],
        side: 'client' as const,
        gives: 'Component' as const,
      })),
    ),
    ...(contributes['payment.methods'] ?? []).flatMap(({ run, checkout, account }, at) => {
      const path = ['contributes', 'payment.methods', at]
      const component = { side: 'client', gives: 'Component' } as const
      return [
        { file: run, path: [...path, 'run'], ...server('AnyPaymentMethod') },
        ...(checkout === undefined
          ? []
          : [{ file: checkout, path: [...path, 'checkout'], ...component }]),
        ...(account === undefined
          ? []
          : [{ file: account, path: [...path, 'account'], ...component }]),
      ]
    }),
    ...(contributes['rates.providers'] ?? []).map(({ run }, at) => ({
      file: run,
      path: ['contributes', 'rates.providers', at, 'run'],
      ...server('AnyRateProvider'),
    })),
    ...(contributes['notify.channels'] ?? []).map(({ run }, at) => ({
      file: run,
      path: ['contributes', 'notify.channels', at, 'run'],
      ...server('AnyNotifyChannel'),
    })),
    ...(contributes.commands ?? []).map(({ run }, at) => ({
      file: run,
      path: ['contributes', 'commands', at, 'run'],
      ...server('AnyCommand'),
    })),
    ...(contributes['api.hooks'] ?? []).map(({ run }, at) => ({
      file: run,
      path: ['contributes', 'api.hooks', at, 'run'],
      ...server('AnyHook'),
    })),
    ...Object.entries(entry).map(([name, file]) => ({
      file,
      path: ['contributes', 'services', 'entry', name],
      side: 'server' as const,
    })),
  ]
}

const server = <T extends CodeFile['gives']>(gives: T) => ({ side: 'server' as const, gives })

/** The same file as JavaScript: `api/routes.js`, `store/StarRating.js`. */
export const compiledName = (file: string): string =>
  file.replace(/^\.\//, '').replace(/\.(ts|tsx|vue|mts|js|mjs)$/, '.js')

import type { Problem } from '@bitcartcc/sdk/problem'
import type { LockedPlugin } from '../model/lock.ts'
import { codeFilesOf } from '../read/code-files.ts'
import { sampleName } from '../read/migrations.ts'
import { nearest } from '../read/nearest.ts'
import { missingFile } from './problems.ts'

interface Named {
  readonly file: string
  readonly path: readonly (string | number)[]
}

/** Files the manifest names and the plugin does not hold. */
export function fileProblems({ release, files }: LockedPlugin): readonly Problem[] {
  const { contributes } = release.manifest
  const { services, templates = [], locales = [] } = contributes
  const fragment = typeof services === 'string' ? services : services?.fragment
  const named: readonly Named[] = [
    ...codeFilesOf(release.manifest),
    ...templates.map(({ file }, at) => ({
      file,
      path: ['contributes', 'templates', at, 'file'],
    })),
    ...locales.map(({ file }, at) => ({ file, path: ['contributes', 'locales', at, 'file'] })),
    ...(fragment === undefined
      ? []
      : [
          {
            file: fragment,
            path: [
              'contributes',
              'services',
              ...(typeof services === 'string' ? [] : ['fragment']),
            ],
          },
        ]),
  ]
  const missing = named.filter(({ file }) => !files.has(file.slice(2)))
  const folder = contributes.migrations
  const noFolder =
    folder !== undefined &&
    ![...files.keys()].some(
      (path) =>
        path.startsWith(`${folder.slice(2)}/`) &&
        path.endsWith('.sql') &&
        !path.endsWith(`/${sampleName}`),
    )
  const all = noFolder
    ? [...missing, { file: `${folder}/*.sql`, path: ['contributes', 'migrations'] }]
    : missing
  return all.map(({ file, path }) => {
    const near = nearest(file.slice(2), [...files.keys()])
    return missingFile(release, file, path, near === undefined ? undefined : `./${near}`)
  })
}

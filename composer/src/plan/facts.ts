import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PluginFacts } from '@bitcartcc/sdk/wiring'
import type { LockedPlugin } from '../model/lock.ts'

/** What core will know of a plugin without loading its code; template files that do not exist were refused before. */
export function factsOf({ release, files }: LockedPlugin): PluginFacts {
  const {
    name,
    version,
    title,
    permissions = {},
    settings = {},
    emits = {},
    metadata,
    contributes,
  } = release.manifest
  const templates = (contributes.templates ?? []).filter(({ file }) => files.has(file.slice(2)))
  return {
    name,
    version,
    title,
    permissions,
    settings,
    templates: Object.fromEntries(
      templates.map(({ name: template, title: called, file, variables = {} }) => [
        template,
        {
          text: readFileSync(join(release.folder, file), 'utf8'),
          variables,
          ...(called === undefined ? {} : { title: called }),
        },
      ]),
    ),
    jobs: Object.fromEntries(
      (contributes['worker.jobs'] ?? []).map(({ name: job, payload = {} }) => [job, payload]),
    ),
    emits,
    ...(metadata === undefined ? {} : { metadata }),
  }
}

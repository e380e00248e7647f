import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse } from 'yaml'
import { shown } from '../views/shown.ts'

/** Where a stack comes from: the folder of its docker-compose file, and how docker-compose knows it. */
export interface Place {
  readonly folder: string
  readonly file: string
  /** What docker-compose calls the project: by its folder, unless the operator says otherwise. */
  readonly project: string
  readonly distribution: string
  /** Volumes of its file that are its own, by key. */
  readonly volumes: readonly string[]
  /** What starts it. */
  readonly up: string
}

/** Reads the docker-compose file of a distribution, or of its image; `projectName` is the operator's, or empty. */
export function placeOf(folder: string, distribution: string, projectName: string): Place {
  const file = join(folder, 'docker-compose.yml')
  const { volumes = {} } = parse(readFileSync(file, 'utf8')) as {
    volumes?: Readonly<Record<string, { readonly external?: unknown } | null>>
  } // written by `package`
  return {
    folder,
    file,
    project: projectName || basename(folder),
    distribution,
    volumes: Object.keys(volumes).filter((key) => volumes[key]?.external === undefined),
    up: `docker-compose --env-file .env -f ${shown(file)} up --detach`,
  }
}

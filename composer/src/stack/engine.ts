import { Refused } from '@bitcartcc/sdk/problem'
import { execa, ExecaError } from 'execa'
import { engineFailed, noEngine } from './problems.ts'

/** A container that docker-compose made for the stack. */
export interface Container {
  readonly id: string
  readonly service: string
  readonly isRunning: boolean
  readonly environment: readonly string[]
  /** Volumes it may write to: name in the engine → path in the container. */
  readonly mounts: ReadonlyMap<string, string>
}
/** The containers and volumes of one docker-compose project. */
export interface Stack {
  readonly project: string
  readonly containers: readonly Container[]
  /** Key in the docker-compose file → name in the engine. */
  readonly volumes: ReadonlyMap<string, string>
}

interface Inspected {
  readonly Id: string
  readonly State: { readonly Running: boolean; readonly Restarting: boolean }
  readonly Config: {
    readonly Env: readonly string[] | null
    readonly Labels: Readonly<Record<string, string>>
  }
  readonly Mounts: readonly {
    readonly Type: string
    readonly Name?: string
    readonly Destination: string
    readonly RW: boolean
  }[]
}

const label = 'com.docker.compose'

/** What the engine has of a project; every edition of docker-compose labels what it makes. */
export async function stackOf(project: string): Promise<Stack> {
  const ids = lines(
    await docker(['ps', '--all', '--quiet', '--filter', `label=${label}.project=${project}`]),
  )
  const inspected =
    ids.length === 0 ? [] : (JSON.parse(await docker(['inspect', ...ids])) as Inspected[]) // the engine's own
  const named = lines(
    await docker([
      'volume',
      'ls',
      '--filter',
      `label=${label}.project=${project}`,
      '--format',
      `{{.Label "${label}.volume"}} {{.Name}}`,
    ]),
  )
  return {
    project,
    containers: inspected
      .filter(({ Config }) => Config.Labels[`${label}.oneoff`]?.toLowerCase() !== 'true')
      .map(({ Id, State, Config, Mounts }) => ({
        id: Id,
        service: Config.Labels[`${label}.service`] ?? '',
        isRunning: State.Running && !State.Restarting,
        environment: Config.Env ?? [],
        mounts: new Map(
          Mounts.filter(({ Type, RW }) => Type === 'volume' && RW).map(({ Name, Destination }) => [
            Name ?? '',
            Destination,
          ]),
        ),
      }))
      .toSorted((a, b) => (a.service + a.id < b.service + b.id ? -1 : 1)),
    volumes: new Map(
      named
        .map((line) => line.split(' '))
        .map(([key = '', name = '']) => [key, name] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ),
  }
}

/** The container of a service that runs; undefined where there is none. */
export const runningIn = ({ containers }: Stack, service: string): Container | undefined =>
  containers.find((each) => each.service === service && each.isRunning)

interface Piped {
  /** A file that is written with what the program prints. */
  readonly to?: string
  /** A file that the program reads. */
  readonly from?: string
  readonly input?: string
  readonly signal?: AbortSignal | undefined
}

/** Runs the machine's own docker; gives what it prints. Refuses with its last words. */
export const docker = (args: readonly string[], piped: Piped = {}): Promise<string> =>
  ran('docker', args, piped)

/**
 * Runs docker-compose on a file of a distribution, with `.env` of the current folder: the edition that is a plugin of
 * docker, else the older program.
 */
export async function dockerCompose(
  project: string,
  file: string,
  args: readonly string[],
): Promise<void> {
  const asked = ['--project-name', project, '--env-file', '.env', '--file', file, ...args]
  const { failed } = await execa('docker', ['compose', 'version'], { reject: false })
  await (failed ? ran('docker-compose', asked, {}) : ran('docker', ['compose', ...asked], {}))
}

async function ran(
  program: string,
  args: readonly string[],
  { to, from, input, signal }: Piped,
): Promise<string> {
  try {
    const { stdout } = await execa(program, args, {
      stdin: from !== undefined ? { file: from } : input !== undefined ? 'pipe' : 'ignore',
      ...(input === undefined ? {} : { input }),
      stdout: to === undefined ? 'pipe' : { file: to },
      buffer: { stdout: to === undefined, stderr: true },
      ...(signal === undefined ? {} : { cancelSignal: signal }),
    })
    return stdout ?? ''
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error
    if (error.code === 'ENOENT') throw new Refused([noEngine(program)])
    const said = String(error.stderr ?? '').trim() || error.shortMessage
    throw new Refused([engineFailed(`${program} ${shortened(args)}`, said)])
  }
}

/** Without what may be long, or a value. */
const shortened = (args: readonly string[]) =>
  args
    .filter((each) => /^[\w-]{1,30}$/.test(each))
    .slice(0, 4)
    .join(' ')

const lines = (text: string) => text.split('\n').filter((line) => line !== '')

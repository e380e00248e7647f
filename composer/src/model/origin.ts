/** Where a value of docker-compose.yml comes from. Of the selection it names the path, for its lines move and the bytes must not. */
export interface Origin {
  /** Who says so: `search 2.6.0`, `core`, or `selection`. */
  readonly by: string
  /** The line it stands on: `services/docker-compose.yml:9`, of the plugin's own folder. */
  readonly at?: string
  /** What made it so where no line says it outright: `default`, `entry`, a path of the selection like `force.…`, a rule of merging. */
  readonly as?: string
  /** What it took the place of, or was joined from. */
  readonly from?: readonly Origin[]
}

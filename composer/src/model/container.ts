/** How the program of a distribution lies and runs in a container; the same from `compose image` as from the Dockerfile. */
export const container = {
  folder: '/app',
  dataFolder: '/data',
  /** By number, for not every base has a name for it. */
  user: 1000,
  port: 3000,
  entrypoint: ['node', 'server.js'],
  command: ['serve'],
  healthcheck: [
    'node',
    '-e',
    "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/health/ready').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))",
  ],
  healthcheckSeconds: { interval: 10, timeout: 3, startPeriod: 20 },
} as const

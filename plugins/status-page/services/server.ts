import { createStatusServer } from './status-server.ts'

const secondsBetween = 15
const { env } = process

const status = createStatusServer({
  apiUrl: (env.BITCARTCC_API_URL ?? 'http://127.0.0.1:3000').replace(/\/+$/, ''),
  token: env.BITCARTCC_TOKEN,
  graceMs: 30_000,
  prefix: (env.BITCARTCC_PATH_PREFIX ?? '').replace(/\/+$/, ''),
})

// One after the other: a server that is slow to answer is not asked twice at once.
let timer: NodeJS.Timeout | undefined
async function watch() {
  await status.check()
  timer = setTimeout(() => void watch(), status.isStarting() ? 500 : secondsBetween * 1000)
}
void watch()

status.server.listen(Number(env.PORT ?? 8080), env.HOST ?? '0.0.0.0', () =>
  console.info(`status-page listens on ${env.PORT ?? 8080}`),
)

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    clearTimeout(timer)
    status.server.close(() => process.exit(0))
    status.server.closeIdleConnections()
  })

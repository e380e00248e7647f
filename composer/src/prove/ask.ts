import type { Plan } from '../model/plan.ts'
import { get } from './get.ts'

/** One question the product answered wrongly. */
export interface WrongAnswer {
  readonly asked: string
  readonly answer: string
}
export interface Answers {
  readonly routes: number
  readonly pages: number
  readonly wrong: readonly WrongAnswer[]
  /** Every address that was asked, sorted. */
  readonly asked: readonly string[]
}

const timeoutMs = 10_000

/** Asks a running product for its health, every route that needs no parameter, and every page with the files it names. */
export async function ask(url: string, plan: Plan): Promise<Answers> {
  const wrong: WrongAnswer[] = []
  const asked = new Set<string>()
  const look = async (path: string, isRight: (status: number) => boolean) => {
    asked.add(path)
    try {
      const answer = await get(url + path, timeoutMs)
      const { status, text } = answer
      if (!isRight(status))
        wrong.push({ asked: `GET ${path}`, answer: `${status} ${text.slice(0, 200)}` })
      return answer
    } catch (error) {
      wrong.push({
        asked: `GET ${path}`,
        answer: error instanceof Error ? error.message : String(error),
      })
      return undefined
    }
  }
  const isOk = (status: number) => status === 200
  const isNoFault = (status: number) => status < 500
  await look('/health/live', isOk)
  await look('/health/ready', isOk)
  const description = await look('/api/openapi.json', isOk)
  const routes = new Set([...described(description?.text), ...routesOf(plan)])
  await together(routes, (path) => look(path, isNoFault))
  const pages = new Set(pagesOf(plan))
  const files = new Set<string>()
  await together(pages, async (path) => {
    const answer = await look(path, isOk)
    if (answer && !answer.type.startsWith('text/html'))
      wrong.push({ asked: `GET ${path}`, answer: `${answer.type}, and no page` })
    for (const file of filesNamedBy(answer?.text ?? '')) files.add(file)
  })
  await together(files, (path) => look(path, isOk))
  return {
    routes: routes.size,
    pages: pages.size,
    wrong: wrong.toSorted((a, b) => (a.asked < b.asked ? -1 : 1)),
    asked: [...asked].toSorted(),
  }
}

async function together(paths: Iterable<string>, run: (path: string) => Promise<unknown>) {
  await Promise.all([...paths].map(run))
}

/** GET routes of the OpenAPI document that need no parameter. */
function described(text: string | undefined): readonly string[] {
  try {
    const { paths } = JSON.parse(text ?? '{}') as { paths?: Record<string, object> } // the product's own document
    return Object.entries(paths ?? {})
      .filter(([path, methods]) => !path.includes('{') && 'get' in methods)
      .map(([path]) => path)
  } catch {
    return []
  }
}

/** Files of this server that a page names, as addresses. */
export const filesNamedBy = (page: string): readonly string[] =>
  [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, file = '']) => file)

/** The addresses of a plan's pages, and of its GET routes that need no parameter. */
export const pagesOf = ({ pages }: Plan): readonly string[] => ['/', '/admin', ...pages.map(pathOf)]

export const routesOf = (plan: Plan): readonly string[] =>
  plan.routes.flatMap(({ plugin, keys }) =>
    keys
      .filter((key) => key.startsWith('GET ') && !key.includes(':'))
      .map((key) => `/api/plugins/${plugin}${key.slice(4).replace(/^\/$/, '')}`),
  )

const pathOf = ({ app, plugin, path }: Plan['pages'][number]) =>
  app === 'admin' ? `/admin/plugins/${plugin}${path}` : `/p/${plugin}${path}`

import { setTimeout as delay } from 'node:timers/promises'
import { chromium, type Browser, type Page, type Request } from 'playwright-core'
import { whileBrowsing } from './network.ts'
import { once } from './once.ts'

export type Found =
  | { readonly ok: true; readonly browser: Browser }
  | { readonly ok: false; readonly why: string }

/**
 * In a single process the browser ends with its first closed window; a graphics card that is played by the processor
 * takes four times as long to paint a page as painting it.
 */
const unwanted =
  /^--(single-process|ignore-gpu-blocklist|use-gl=.*|use-angle=.*|enable-unsafe-swiftshader)$/

/** Starts the browser that comes as an npm package, once no container comes or goes; a machine it does not run on is told why. */
export async function openBrowser(): Promise<Found> {
  const temporary = process.env['TMPDIR']
  const release = await whileBrowsing()
  try {
    // It unpacks into a fixed name in TMPDIR, once for all, and reads it again each time.
    process.env['TMPDIR'] = await once('browser', async (folder) => {
      process.env['TMPDIR'] = folder
      const { default: packed } = await import('@sparticuz/chromium')
      await packed.executablePath()
    })
    const { default: packed } = await import('@sparticuz/chromium')
    const browser = await chromium.launch({
      executablePath: await packed.executablePath(),
      args: [...packed.args.filter((arg) => !unwanted.test(arg)), '--disable-gpu'],
      headless: true,
    })
    browser.once('disconnected', () => void release())
    return { ok: true, browser }
  } catch (error) {
    await release()
    const words = error instanceof Error ? error.message : String(error)
    return { ok: false, why: words.split('\n')[0] ?? words }
  } finally {
    if (temporary === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = temporary
  }
}

/**
 * Gives what waits until a page has been asking for nothing, for a tenth of a second. Playwright's own wait for that is five
 * times as long, on each of many pages; what stays open, as a stream of events does, is no question here either.
 */
export function quietness(page: Page): () => Promise<void> {
  const open = new Set<Request>()
  let since = performance.now()
  const over = (request: Request) => {
    open.delete(request)
    since = performance.now()
  }
  page.on('request', (request) => {
    since = performance.now()
    if (request.resourceType() !== 'eventsource') open.add(request)
  })
  page.on('requestfinished', over)
  page.on('requestfailed', over)
  return async () => {
    while (open.size > 0 || performance.now() - since < 100) await delay(10)
  }
}

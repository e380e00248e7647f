import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'
import { runFolder } from './once.ts'

export type Found =
  | { readonly ok: true; readonly browser: Browser }
  | { readonly ok: false; readonly why: string }

/** Starts the browser that comes as an npm package; a machine it does not run on is told why. */
export async function openBrowser(): Promise<Found> {
  const folder = join(runFolder(), `browser-${process.pid}`)
  await mkdir(folder, { recursive: true })
  // It unpacks into a fixed name in TMPDIR: read when it is imported.
  process.env['TMPDIR'] = folder
  try {
    const { default: packed } = await import('@sparticuz/chromium')
    const browser = await chromium.launch({
      executablePath: await packed.executablePath(),
      // In a single process the browser ends with its first closed window.
      args: packed.args.filter((arg) => arg !== '--single-process'),
      headless: true,
    })
    return { ok: true, browser }
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    return { ok: false, why: words.split('\n')[0] ?? words }
  }
}

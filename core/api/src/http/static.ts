import { createReadStream, readFileSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { notFound } from './problems.ts'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
}

/**
 * Serves both apps: files by exact name from a list read once, so that no path can lead out of the folder;
 * every other page of an app is its index.html.
 */
export async function servePublic(app: FastifyInstance, folder: string): Promise<void> {
  const files = new Map<string, { path: string; gzipped: boolean; sizeBytes: number }>()
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const names = new Set(
    entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)),
  )
  for (const path of names) {
    if (path.endsWith('.gz')) continue
    const url = path.slice(folder.length).replaceAll('\\', '/')
    files.set(url, { path, gzipped: names.has(`${path}.gz`), sizeBytes: (await stat(path)).size })
  }
  // Read once: a rebuild may replace the folder under a running server, whose pages stay those it was started with.
  const held = new Map<string, { plain: Buffer; gzip?: Buffer }>()
  for (const [url, file] of files) {
    if (file.sizeBytes > 4_000_000) continue
    held.set(url, {
      plain: readFileSync(file.path),
      ...(file.gzipped ? { gzip: readFileSync(`${file.path}.gz`) } : {}),
    })
  }
  const send = (request: FastifyRequest, reply: FastifyReply, url: string) => {
    const file = files.get(url)
    if (!file)
      return reply.code(404).header('content-type', 'application/problem+json').send(notFound())
    const isHashed = url.includes('/assets/')
    reply
      .header('content-type', contentTypes[extname(url)] ?? 'application/octet-stream')
      .header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      .header('vary', 'accept-encoding')
    const accepts = String(request.headers['accept-encoding'] ?? '').includes('gzip')
    const bytes = held.get(url)
    if (!bytes) return reply.send(createReadStream(file.path))
    if (accepts && bytes.gzip) return reply.header('content-encoding', 'gzip').send(bytes.gzip)
    return reply.send(bytes.plain)
  }
  /** The page of a store that the address names has that store's colours from the first moment. */
  const sendStore = (reply: FastifyReply, storeId: string) => {
    const page = held.get('/store/index.html')?.plain.toString() ?? ''
    return reply
      .header('content-type', contentTypes['.html'])
      .header('cache-control', 'no-cache')
      .send(page.replace('"/api/theme.css"', `"/api/theme.css?storeId=${storeId}"`))
  }
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/'
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    if (isRead && files.has(path)) return send(request, reply, path)
    const isPage = isRead && !path.startsWith('/api/') && extname(path) === ''
    if (!isPage)
      return reply.code(404).header('content-type', 'application/problem+json').send(notFound())
    if (/^\/admin(\/|$)/.test(path)) return send(request, reply, '/admin/index.html')
    const storeId = /^\/s\/([\w-]{1,64})(\/|$)/.exec(path)?.[1]
    return storeId === undefined
      ? send(request, reply, '/store/index.html')
      : sendStore(reply, storeId)
  })
}

import { relative } from 'node:path'

/** How a folder is shown: from the current one. */
export const shown = (folder: string): string => relative(process.cwd(), folder) || '.'

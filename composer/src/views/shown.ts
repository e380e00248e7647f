import { relative } from 'node:path'

/** How a folder is shown: from the current one. */
export const shown = (folder: string): string => relative(process.cwd(), folder) || '.'

/** `1 plugin`, `3 plugins`. */
export const counted = (many: number, of: string): string => `${many} ${of}${many === 1 ? '' : 's'}`

/** One line of a `.env` that gives a variable. */
export interface EnvEntry {
  readonly name: string
  /** As it is written, to the end of the line. */
  readonly written: string
  readonly line: number
}

/** Reads the lines of a `.env` as they are written, for its readers do not agree on what they mean. */
export function envEntries(text: string): {
  readonly entries: readonly EnvEntry[]
  /** Numbers of lines that are neither a variable, nor a comment, nor empty. */
  readonly unread: readonly number[]
} {
  const lines = text.split(/\r?\n/).map((each, at) => ({ each, line: at + 1 }))
  const entries = lines.flatMap(({ each, line }) => {
    const [, name, written = ''] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(each) ?? []
    return name === undefined ? [] : [{ name, written, line }]
  })
  const read = new Set(entries.map(({ line }) => line))
  const unread = lines
    .filter(({ each, line }) => !read.has(line) && each.trim() !== '' && !/^\s*#/.test(each))
    .map(({ line }) => line)
  return { entries, unread }
}

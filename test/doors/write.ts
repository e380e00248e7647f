import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { doorsTable, marks } from './table.ts'

// `node test/doors/write.ts` puts the table into core/sdk/README.md.
const file = join(import.meta.dirname, '../../core/sdk/README.md')
const text = readFileSync(file, 'utf8')
const [begin, end] = marks
const before = text.slice(0, text.indexOf(begin) + begin.length)
writeFileSync(file, `${before}\n\n${doorsTable()}\n${text.slice(text.indexOf(end))}`)

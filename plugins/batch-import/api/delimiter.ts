/** Tells what stands between the cells of a CSV file from its first line: the most frequent of comma, semicolon and tab outside of quotes. */
export function delimiterOf(text: string): ',' | ';' | '\t' {
  const counts = { ',': 0, ';': 0, '\t': 0 }
  let isQuoted = false
  for (const letter of text.trimStart()) {
    if (letter === '"') isQuoted = !isQuoted
    else if (isQuoted) continue
    else if (letter === '\n' || letter === '\r') break
    else if (letter in counts) counts[letter as keyof typeof counts]++ // `in` says so
  }
  if (counts[';'] > counts[','] && counts[';'] >= counts['\t']) return ';'
  return counts['\t'] > counts[','] ? '\t' : ','
}

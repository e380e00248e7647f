import type { Bar, PartHistory } from './history.ts'
import type { Sample, Shop } from './sample.ts'

export interface Status {
  readonly shop: Shop | undefined
  readonly now: number
  readonly parts: readonly PartHistory[]
  /** Newest first. */
  readonly recent: readonly Sample[]
  readonly minutesPerBar: number
}

/** The whole page. Every text that came from elsewhere is escaped. */
export function pageOf(status: Status, prefix: string): string {
  const name = status.shop?.name ?? 'This shop'
  const down = status.parts.filter((part) => !part.isUp)
  const [tone, headline] = verdictOf(status, down)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(headline)} · ${escaped(name)}</title>
<link rel="stylesheet" href="${escaped(prefix)}/style.css">
<noscript><meta http-equiv="refresh" content="30"></noscript>
<script src="${escaped(prefix)}/refresh.js" defer></script>
</head>
<body>
<main>
<header>
<p class="shop">${escaped(name)}</p>
<h1 class="${tone}"><span class="dot" aria-hidden="true"></span>${escaped(headline)}</h1>
<p class="faint" role="status">${status.recent[0] ? `Checked at ${timeOf(status.recent[0].at)}` : 'The first check is under way'}</p>
</header>
${status.parts.length === 0 ? '' : `<section aria-label="Parts">\n${status.parts.map((part) => partOf(part, status)).join('\n')}\n</section>`}
${recentOf(status.recent)}
<footer class="faint">${status.shop ? `BitcartCC core ${escaped(status.shop.core)} with ${counted(status.shop.plugins, 'plugin')}. ` : ''}All times are UTC. <a href="${escaped(prefix)}/status.json">The same as JSON</a></footer>
</main>
</body>
</html>
`
}

function verdictOf(status: Status, down: readonly PartHistory[]): readonly [string, string] {
  if (status.parts.length === 0) return ['unknown', 'Checking']
  if (down.length === 0) return ['up', 'Everything works']
  if (down.length === status.parts.length || down.some((part) => part.name === 'server'))
    return ['down', 'The shop is down']
  return [
    'down',
    `${down.map((part) => titleOf(part.name)).join(', ')} ${down.length === 1 ? 'is' : 'are'} down`,
  ]
}

function partOf(part: PartHistory, { minutesPerBar }: Status): string {
  const percent = `${(Math.floor(part.uptime * 10_000) / 100).toFixed(2)} %`
  return `<article class="${part.isUp ? 'up' : 'down'}">
<div class="line"><h2>${escaped(titleOf(part.name))}</h2><span class="badge"><span class="dot" aria-hidden="true"></span>${part.isUp ? 'Up' : 'Down'}</span></div>
<svg viewBox="0 0 ${part.bars.length * 8} 32" preserveAspectRatio="none" role="img" aria-label="${escaped(titleOf(part.name))}: up ${percent} of the time since this page began to watch">
${part.bars.map((bar, index) => barOf(bar, index)).join('\n')}
</svg>
<div class="line faint"><span>${part.bars.length * minutesPerBar} minutes ago</span><span>${percent} up</span><span>now</span></div>
</article>`
}

function barOf(bar: Bar, index: number): string {
  const tone =
    bar.checks === 0
      ? 'none'
      : bar.failures === 0
        ? 'good'
        : bar.failures === bar.checks
          ? 'bad'
          : 'mixed'
  const words =
    bar.checks === 0
      ? 'no check'
      : bar.failures === 0
        ? 'up'
        : `down in ${bar.failures} of ${counted(bar.checks, 'check')}`
  return `<rect class="${tone}" x="${index * 8 + 1}" y="0" width="6" height="32" rx="1.5"><title>${timeOf(bar.from).slice(0, 5)} ${words}</title></rect>`
}

function recentOf(recent: readonly Sample[]): string {
  if (recent.length === 0) return ''
  const rows = recent.map((sample) => {
    const down = sample.parts.filter((part) => !part.isUp).map((part) => titleOf(part.name))
    return `<tr><td>${timeOf(sample.at)}</td><td class="${down.length === 0 ? 'good' : 'bad'}">${down.length === 0 ? 'Everything up' : `${escaped(down.join(', '))} down`}</td><td>${sample.answeredInMs === null ? 'no answer' : `${sample.answeredInMs} ms`}</td></tr>`
  })
  return `<section>
<h2 id="recent">Last checks</h2>
<table aria-labelledby="recent">
<thead><tr><th scope="col">Time</th><th scope="col">Result</th><th scope="col">Answered in</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</section>`
}

const titleOf = (name: string) => name.charAt(0).toUpperCase() + name.slice(1)
const timeOf = (at: number) => new Date(at).toISOString().slice(11, 19)
const counted = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
/** Text as it may stand in HTML, in a tag's content and in an attribute. */
export const escaped = (text: string) =>
  text.replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? letter)

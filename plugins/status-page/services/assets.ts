/** What the page loads, from this server alone. */
export const style = `:root { color-scheme: light dark;
  --page: light-dark(#f6f8f7, #0c1312); --surface: light-dark(#fff, #141d1b); --border: light-dark(#e0e6e4, #243130);
  --text: light-dark(#14211e, #e8efed); --faint: light-dark(#5f6e69, #8d9c97);
  --good: light-dark(#157347, #4ac78a); --bad: light-dark(#b42318, #f0695d); --mixed: light-dark(#b7791f, #e0ac4d); --none: light-dark(#dde4e2, #2a3836);
  --link: light-dark(#0b5f59, #6fdccf) }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif }
main { max-width: 46rem; margin: 0 auto; padding: clamp(1.25rem, 6vw, 4rem) clamp(1rem, 4vw, 2rem) }
h1, h2, p { margin: 0 }
h1 { display: flex; align-items: center; gap: .75rem; margin: .25rem 0; font-size: clamp(1.5rem, 5vw, 2rem); line-height: 1.2; overflow-wrap: anywhere }
h2 { font-size: 1rem }
.shop { font-weight: 600; overflow-wrap: anywhere }
.faint { color: var(--faint); font-size: .8125rem }
.dot { flex: none; width: .75em; height: .75em; border-radius: 50%; background: var(--none) }
.up .dot, h1.up .dot { background: var(--good) }
.down .dot, h1.down .dot { background: var(--bad) }
header, section { margin-bottom: 2rem }
section[aria-label='Parts'], table { background: var(--surface); border: 1px solid var(--border); border-radius: 14px }
article { padding: 1rem 1.25rem }
article + article { border-top: 1px solid var(--border) }
.line { display: flex; align-items: baseline; justify-content: space-between; gap: 1rem }
.badge { display: inline-flex; align-items: center; gap: .5rem; font-size: .8125rem; font-weight: 500 }
.up .badge, td.good { color: var(--good) }
.down .badge, td.bad { color: var(--bad) }
svg { display: block; width: 100%; height: 2rem; margin: .5rem 0 .375rem }
rect.none { fill: var(--none) } rect.good { fill: var(--good) } rect.mixed { fill: var(--mixed) } rect.bad { fill: var(--bad) }
section > h2 { margin-bottom: .75rem }
table { width: 100%; border-collapse: separate; border-spacing: 0; font-variant-numeric: tabular-nums; overflow: hidden }
th, td { padding: .5rem 1.25rem; text-align: start }
th { color: var(--faint); font-size: .8125rem; font-weight: 500 }
td { border-top: 1px solid var(--border) }
th:last-child, td:last-child { text-align: end; white-space: nowrap }
a { color: var(--link) }
a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
@media (max-width: 479px) { th, td { padding-inline: .75rem } article { padding-inline: .875rem } }
`

/** Reads the page again and puts it in place, without a flash and without losing the place a reader is at. */
export const refresh = `setInterval(async () => {
  if (document.hidden) return
  try {
    const response = await fetch(location.href)
    if (!response.ok) return
    const next = new DOMParser().parseFromString(await response.text(), 'text/html')
    document.title = next.title
    document.querySelector('main').replaceWith(next.querySelector('main'))
  } catch {}
}, 15000)
`

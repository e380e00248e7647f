/** Gives the element of a selector once it stands in the page; undefined if it does not within `waitMs`. A `#hash` is taken as an id, whatever it holds. */
export function elementNamed(selector: string, waitMs = 3000): Promise<HTMLElement | undefined> {
  const query = selector.startsWith('#') ? `#${CSS.escape(selector.slice(1))}` : selector
  return new Promise((resolve) => {
    const observer = new MutationObserver(look)
    const timer = setTimeout(() => finish(undefined), waitMs)
    function look() {
      const found = document.querySelector<HTMLElement>(query)
      if (found) finish(found)
    }
    function finish(found: HTMLElement | undefined) {
      observer.disconnect()
      clearTimeout(timer)
      resolve(found)
    }
    observer.observe(document.body, { childList: true, subtree: true })
    look()
  })
}

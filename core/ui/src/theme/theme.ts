import { ref, watch, type Ref } from 'vue'

export type Theme = 'light' | 'dark' | 'system'

const kept = 'bitcartcc-theme'
let theme: Ref<Theme> | undefined

/** Gives the chosen theme, one for the whole app; a change is kept in this browser and shown at once. */
export function useTheme(): Ref<Theme> {
  if (theme) return theme
  theme = ref<Theme>(readTheme())
  watch(theme, (now) => showTheme(now), { immediate: true })
  return theme
}

function readTheme(): Theme {
  try {
    const value = localStorage.getItem(kept)
    return value === 'light' || value === 'dark' ? value : 'system'
  } catch {
    return 'system' // storage is closed to us in some private windows
  }
}

function showTheme(theme: Theme): void {
  if (theme === 'system') document.documentElement.removeAttribute('data-theme')
  else document.documentElement.dataset['theme'] = theme
  try {
    if (theme === 'system') localStorage.removeItem(kept)
    else localStorage.setItem(kept, theme)
  } catch {
    // the theme then lasts as long as the page
  }
}

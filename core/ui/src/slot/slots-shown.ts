import { ref, type Ref } from 'vue'

const kept = 'bitcartcc-slots'
let shown: Ref<boolean> | undefined

/**
 * Says whether pages show where plugins can join them; for who writes one.
 *
 * `?slots` in a page's address shows them, `?slots=off` hides them again; a tab remembers it. Only who may see what the
 * distribution is made of is shown any.
 */
export function useSlotsShown(): { readonly isShown: Ref<boolean>; show(isOn: boolean): void } {
  const isShown = (shown ??= ref(asked()))
  return {
    isShown,
    show(isOn) {
      sessionStorage.setItem(kept, isOn ? 'on' : 'off')
      isShown.value = isOn
    },
  }
}

function asked(): boolean {
  const given = new URLSearchParams(location.search).get('slots')
  if (given !== null) sessionStorage.setItem(kept, given === 'off' ? 'off' : 'on')
  return sessionStorage.getItem(kept) === 'on'
}

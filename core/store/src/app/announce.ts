import { ref } from 'vue'

/** What a screen reader is told of next; shown to nobody else. */
export const announcement = ref('')

/** Tells a screen reader what changed, where the page shows it only to the eye. */
export function announce(text: string): void {
  announcement.value = ''
  setTimeout(() => (announcement.value = text), 60)
}

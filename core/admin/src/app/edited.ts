import { ref, shallowRef } from 'vue'

/** Which of a list is open in the dialog that edits (null: a new one), and which is asked about before it is deleted. */
export function useEdited<T>() {
  const edited = shallowRef<T | null>(null)
  const isEditing = ref(false)
  const doomed = shallowRef<T | null>(null)
  const isAsking = ref(false)
  return {
    edited,
    isEditing,
    edit(item: T | null) {
      edited.value = item
      isEditing.value = true
    },
    doomed,
    isAsking,
    ask(item: T) {
      doomed.value = item
      isAsking.value = true
    },
  }
}

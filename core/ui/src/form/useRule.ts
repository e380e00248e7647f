import { ref, watch, type Ref } from 'vue'
import { ruleWords } from './rule-words.ts'

/**
 * Gives the rule that a field breaks when its form is sent, in the page's language; empty until then, and once it is changed.
 *
 * It stands under the field, where an answer of the server stands too: a bubble of the browser speaks
 * the browser's language and goes away. The first field of a form that breaks a rule is focused.
 */
export function useRule(value: Ref<unknown>): {
  readonly rule: Ref<string>
  readonly tell: (event: Event) => void
} {
  const rule = ref('')
  watch(value, () => (rule.value = ''))
  function tell(event: Event) {
    event.preventDefault()
    const control = event.target as HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement // the event is theirs
    rule.value = ruleWords(control)
    const first = [...(control.form?.elements ?? [])].find(
      (each) => each.tagName !== 'FIELDSET' && each.matches(':invalid'),
    )
    if (first === control) control.focus()
  }
  return { rule, tell }
}

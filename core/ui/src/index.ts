/**
 * The component kit of both apps and of every plugin's pages and fills.
 *
 * Comes in: props and slots. Goes out: Vue components that look alike, and a few composables.
 * Colours, sizes and spaces are the CSS variables of `style.css`, which each app loads once.
 */
export { default as AppButton } from './form/AppButton.vue'
export { default as CheckboxField } from './form/CheckboxField.vue'
export { default as FileField } from './form/FileField.vue'
export { default as NumberField } from './form/NumberField.vue'
export { default as SelectField } from './form/SelectField.vue'
export { default as SwitchField } from './form/SwitchField.vue'
export { default as TextField } from './form/TextField.vue'
export type { Choice } from './form/choice.ts'

export { default as DataTable } from './data/DataTable.vue'
export type { Column } from './data/column.ts'
export type { Sort } from './data/sort.ts'
export { default as FilterBar } from './data/FilterBar.vue'
export { default as PageHeader } from './data/PageHeader.vue'
export { default as Panel } from './data/Panel.vue'
export { default as TabLinks } from './data/TabLinks.vue'

export { default as DialogBox } from './feedback/DialogBox.vue'
export { default as EmptyState } from './feedback/EmptyState.vue'
export { default as Notice } from './feedback/Notice.vue'
export { default as ProgressBar } from './feedback/ProgressBar.vue'
export { default as SpinnerDots } from './feedback/SpinnerDots.vue'
export { default as StatusBadge } from './feedback/StatusBadge.vue'
export { default as ToastHost } from './feedback/ToastHost.vue'
export { toast } from './feedback/toast.ts'
export type { Tone } from './feedback/tone.ts'
export { errorText, fieldErrors } from './feedback/errors.ts'

export { default as FillOutlet } from './slot/FillOutlet.vue'
export { useSlotsShown } from './slot/slots-shown.ts'
export { default as AppIcon } from './text/AppIcon.vue'
export { iconNames } from './text/icons.ts'
export { default as DateText } from './text/DateText.vue'
export { default as MoneyText } from './text/MoneyText.vue'
export { formatMoney } from './text/money.ts'
export { formatDate } from './text/date.ts'
export { formatNumber } from './text/number.ts'
export { default as LanguageSelect } from './language/LanguageSelect.vue'
export { openLanguage } from './language/language.ts'
export { useTheme } from './theme/theme.ts'
export type { Theme } from './theme/theme.ts'

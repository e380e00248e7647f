import { locale as reader } from '@bitcartcc/sdk/vue'

/** Words an ISO 8601 time for its reader: a day, or a day and a time. */
export function formatDate(
  value: string,
  shows: 'day' | 'time' = 'day',
  locale: string = reader.value,
): string {
  const date = new Date(value)
  if (Number.isNaN(date.getTime())) return value
  return new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    ...(shows === 'time' ? { timeStyle: 'short' } : {}),
  }).format(date)
}

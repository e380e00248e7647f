/** What a colour says. */
export type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'info'

export const toneIcons = {
  neutral: 'info',
  good: 'check',
  warn: 'alert',
  bad: 'alert',
  info: 'info',
} as const satisfies Record<Tone, string>

import type { NoticeMessage } from '@bitcartcc/sdk/resources'

/** What every log of what was sent holds. */
export type Sent = Pick<NoticeMessage, 'id' | 'status' | 'tries' | 'nextTryAt' | 'createdAt'>

export const sentTones = { waiting: 'info', delivered: 'good', parked: 'bad' } as const

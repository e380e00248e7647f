import type { NoticeMessage, NoticeRule } from '@bitcartcc/sdk/resources'

/** What every log of what was sent holds. */
export type Sent = Pick<NoticeMessage, 'id' | 'status' | 'tries' | 'nextTryAt' | 'createdAt'>

/** What every one that is told has. */
export type Told = Pick<NoticeRule, 'id' | 'storeId' | 'isEnabled' | 'metadata'>

export const sentTones = { waiting: 'info', delivered: 'good', parked: 'bad' } as const

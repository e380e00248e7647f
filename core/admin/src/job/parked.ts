import { shallowRef } from 'vue'
import { request } from '@bitcartcc/sdk/vue'
import type { JobCounts } from '@bitcartcc/sdk/resources'
import { may } from '../app/session.ts'

/** How many jobs wait, run and are parked; null for who may not see it. One for the whole app. */
export const jobCounts = shallowRef<JobCounts | null>(null)

let counting: Promise<void> | undefined

/** Counts again; a server that does not answer is told of elsewhere. */
export const countJobs = (): Promise<void> =>
  (counting ??= read().finally(() => {
    counting = undefined
  }))

async function read(): Promise<void> {
  jobCounts.value = may('jobs.manage')
    ? await request<JobCounts>('GET', '/api/jobs/counts').catch(() => jobCounts.value)
    : null
}

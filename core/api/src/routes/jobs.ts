import { Type } from 'typebox'
import {
  BulkReport,
  Job,
  JobCounts,
  JobSchedule,
  JobState,
  Page,
  ParkedJobs,
} from '@bitcartcc/sdk/resources'
import { coreRoute, type CoreRoutes } from '../core-route.ts'
import { doEach, manyWith } from '../each.ts'
import { ById, paging } from './shapes.ts'

const permission = 'jobs.manage'
const { kind } = ParkedJobs.properties

/** What is done with one parked job. */
const ofOne: CoreRoutes = {
  'POST /api/jobs/:id/run-again': coreRoute(
    {
      summary: 'Try a parked job once more, at once; 409 for one that is not parked',
      permission,
      params: ById,
      returns: Job,
    },
    async ({ params }, { domain }) => domain.jobs.runAgain(params.id),
  ),
  'DELETE /api/jobs/:id': coreRoute(
    {
      summary: 'Forget a parked job; 409 for one that is not parked',
      permission,
      params: ById,
      status: 204,
    },
    async ({ params }, { domain }) => domain.jobs.remove(params.id),
  ),
}

/** What is done in the background, and what failed at it. */
export const jobRoutes: CoreRoutes = {
  'GET /api/jobs': coreRoute(
    {
      summary: 'Jobs, and events on their way to plugins, newest first; a week of what is over',
      permission,
      query: Type.Object({
        state: Type.Optional(JobState),
        plugin: Type.Optional(Type.String({ maxLength: 80 })),
        ...paging,
      }),
      returns: Page(Job),
    },
    async ({ query }, { domain }) => domain.jobs.list(query),
  ),
  'GET /api/jobs/counts': coreRoute(
    { summary: 'How many jobs wait, run, and are parked', permission, returns: JobCounts },
    async (_, { domain }) => domain.jobs.counts(),
  ),
  'GET /api/jobs/schedules': coreRoute(
    {
      summary: 'Jobs that time starts, and when next',
      permission,
      returns: Type.Array(JobSchedule),
    },
    async (_, { domain }) => [...(await domain.jobs.schedules())],
  ),
  'POST /api/jobs/run-again': coreRoute(
    {
      summary: 'Try all that is parked under one name once more; gives how many there were',
      permission,
      body: Type.Object(
        {
          kind,
          plugin: Type.String({ maxLength: 80 }),
          name: Type.String({ maxLength: 120 }),
        },
        { additionalProperties: false },
      ),
      returns: Type.Object({ count: Type.Integer() }),
    },
    async ({ body }, { domain }) => ({ count: await domain.jobs.runAllAgain(body) }),
  ),
  ...ofOne,
  'POST /api/jobs/bulk': coreRoute(
    {
      summary:
        'Try up to 100 parked jobs once more, or forget them, each for itself; says of each that cannot be, why',
      permission,
      inParts: true,
      body: manyWith({ action: Type.Union([Type.Literal('run-again'), Type.Literal('delete')]) }),
      returns: BulkReport,
    },
    async ({ body: { ids, action } }, context) =>
      doEach(
        ofOne,
        action === 'delete' ? 'DELETE /api/jobs/:id' : 'POST /api/jobs/:id/run-again',
        { ids },
        context,
      ),
  ),
}

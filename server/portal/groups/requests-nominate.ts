import { admissionRequest } from '../../members/invitations/admission-requests-desk.ts'
import { rowNumberOf } from '../form.ts'
import type { GroupVisit } from '../visit.ts'
import { may } from './may.ts'

/** Fills the form of a nomination with what somebody wrote of themself who asked to be invited, where the address names it. */
export async function fillFromRequest(visit: GroupVisit): Promise<void> {
  const { context, group, query, form } = visit
  const requestNo = rowNumberOf(query.get('request') ?? '')
  if (requestNo === 0 || !may(visit, 'see-requests')) return
  const request = await admissionRequest(context.database, group.groupNo, requestNo)
  for (const name of ['name', 'email', 'affiliation'] as const) if (request) form.set(name, request[name])
}

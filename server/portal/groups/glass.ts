import { endGlass } from '../../members/break-glass.ts'
import { seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { inGroup, type Route } from '../route.ts'

/** Ending a look into a group before its hour is over. */
export const glassRoutes: readonly Route[] = [
  inGroup('end-glass').post('/groups/:group/glass/end', async (visit) => {
    await endGlass(visit.context, { ...byOf(visit), group: visit.group.name })
    visit.session.toast = visit.words.groups.glassEnded
    return seeOther('/site/groups')
  }),
]

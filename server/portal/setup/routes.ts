import { seeOther } from '../answer.ts'
import { open, type Route, signedIn } from '../route.ts'
import { makeAdministrator, showAdministrator } from './administrator.ts'
import { finish, showDone } from './done.ts'
import { leaveMachine, showMachine } from './machine.ts'
import { keepMailStep, showMail } from './mail.ts'
import { leaveSecondFactor, showSecondFactor } from './second-factor.ts'
import { keepSite, showSite } from './site.ts'
import { openStep, pathOf } from './steps.ts'

const route = signedIn('set-site')

/**
 * First run: the wizard behind the one-time link. The link makes the first administrator and is used up; the steps after
 * that are pages for site administrators, which can be left and come back to.
 */
export const setupRoutes: readonly Route[] = [
  route.get('/setup', (visit) => seeOther(pathOf(openStep(visit) ?? 'done'))),
  route.get(pathOf('second-factor'), showSecondFactor),
  route.post(pathOf('second-factor'), leaveSecondFactor),
  route.get(pathOf('site'), showSite),
  route.upload(pathOf('site'), keepSite),
  route.get(pathOf('mail'), showMail),
  route.post(pathOf('mail'), keepMailStep),
  route.get(pathOf('machine'), showMachine),
  route.post(pathOf('machine'), leaveMachine),
  route.get(pathOf('done'), showDone),
  route.post(pathOf('done'), finish),
  // last: a token has the same shape as the addresses above
  open.get('/setup/:token', showAdministrator),
  open.post('/setup/:token', makeAdministrator),
]

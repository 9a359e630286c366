import { findMember } from '../../members/list-members.ts'
import { type Photo, photoChanged, photoOf, removePhoto, setPhoto } from '../../members/profile/photo.ts'
import { NotFoundError } from '../../errors.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { fileField } from '../components/file-field.ts'
import { actionButton, form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { html } from '../html.ts'
import { mistakeAt } from '../mistake-at.ts'
import { inGroup, type Route, signedIn } from '../route.ts'
import type { GroupVisit, OpenVisit, Visit } from '../visit.ts'
import { accountTabs } from './tabs.ts'

/** Seconds that a browser keeps a photo without asking again: it is in every list. */
const KEPT_SECONDS = 300

/** One's own photo; and that of a member, for those who may see who is one. */
export const photoRoutes: readonly Route[] = [
  signedIn('see-self').get('/account/photo', (visit) => photoPage(visit, {})),
  signedIn('set-self').upload('/account/photo', save),
  signedIn('set-self').post('/account/photo/remove', remove),
  // the last part says when it was changed, so that another photo has another address
  signedIn('see-self').get('/account/photo/:changed', async (visit) =>
    answerPhoto(visit, await photoOf(visit.context.database, visit.account.accountNo)),
  ),
  inGroup('see-members').get('/groups/:group/members/:name/photo', ofMember),
]

/** By group and name together, with the eyes of a member: whom the group has not let in, or has shut out, shows it nothing. */
async function ofMember(visit: GroupVisit): Promise<Answer> {
  const { context, group, params } = visit
  const member = await findMember(context.database, group.groupNo, 'member', params['name'] ?? '')
  return answerPhoto(visit, member && (await photoOf(context.database, member.accountNo)))
}

/** The bytes were judged when they came, and nosniff keeps browsers from taking them for anything else. */
function answerPhoto({ request, response }: OpenVisit, photo: Photo | undefined): Answer {
  if (!photo) throw new NotFoundError('this page')
  response.setHeader('Cache-Control', `private, max-age=${KEPT_SECONDS}`)
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox")
  response.setHeader('ETag', `"${photo.tag}"`)
  if (request.headers['if-none-match'] === `"${photo.tag}"`) response.writeHead(304).end()
  else {
    response.writeHead(200, { 'Content-Type': photo.mediaType, 'Content-Length': photo.bytes.length })
    response.end(photo.bytes)
  }
  return { kind: 'sent' }
}

async function save(visit: Visit): Promise<Answer> {
  const { context, account, files, session, words } = visit
  const bytes = files.get('photo')
  if (!bytes) return await photoPage(visit, { photo: words.profile.photoMissing })
  try {
    await setPhoto(context, { account, bytes })
  } catch (error) {
    return await photoPage(visit, mistakeAt(error, { bad_photo: 'photo' }))
  }
  session.toast = words.profile.photoSaved
  return seeOther('/account/photo')
}

async function remove({ context, account, session, words }: Visit): Promise<Answer> {
  await removePhoto(context, { account })
  session.toast = words.profile.photoRemoved
  return seeOther('/account/photo')
}

async function photoPage(visit: Visit, mistakes: Readonly<Record<string, string>>): Promise<Page> {
  const text = visit.words.profile
  const changed = await photoChanged(visit.context.database, visit.account.accountNo)
  return page(
    text.photoTitle,
    html`${accountTabs(visit, 'profile')} ${pageHeader({ title: text.photoTitle, lead: text.photoLead })}
      ${mistakeSummary(visit, mistakes)}
      ${changed !== undefined && html`<p><img src="/account/photo/${changed}" alt="${text.photoAlt}" width="192" class="portrait" /></p>`}
      ${form(visit, {
        action: '/account/photo',
        submit: text.photoSave,
        upload: true,
        fields: fileField({
          name: 'photo',
          label: text.photo,
          hint: text.photoHint,
          accept: 'image/png,image/jpeg,image/webp',
          mistake: mistakes['photo'],
        }),
      })}
      ${changed !== undefined && actionButton(visit, { action: '/account/photo/remove', label: text.photoRemove, tone: 'danger' })}
      <p><a href="/account/profile">${visit.words.profile.backToProfile}</a></p>`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

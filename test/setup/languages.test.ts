import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { EN } from '../../server/portal/words/en/index.ts'
import { ES } from '../../server/portal/words/es/index.ts'
import { LANGUAGE_NAMES } from '../../server/portal/words/words.ts'
import { setSettings } from '../../server/site/settings.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, testSite } from '../support/site.ts'
import { textsOf, VALUE } from './catalogue.ts'
import { newLink } from './people.ts'

const site = await testSite()
after(() => site.close())

/** Sections that somebody meets before and while they sign in, and at the first run: complete in every language. */
const COMPLETE = ['shell', 'signIn', 'credentials', 'setup', 'settings'] as const
/** What is one and the same in both languages. */
const ALIKE = new Set([
  'Vouchsafe',
  'PostgreSQL',
  'No',
  'SITREPs',
  'Error',
  'Menu',
  'Token',
  'Tokens',
  'LDAP',
  'OpenID Connect',
])

it('Spanish has every key of English in the sections that are complete', () => {
  for (const section of COMPLETE) {
    const keys = (words: typeof EN) => textsOf(words[section]).map(({ key }) => key)
    assert.deepEqual(keys(ES).toSorted(), keys(EN).toSorted(), section)
    assert.notEqual(ES[section], EN[section], `${section} falls back to English`)
  }
})

it('no Spanish text is the English one, but for names', () => {
  for (const section of Object.keys(EN) as (keyof typeof EN)[]) {
    if (ES[section] === EN[section]) continue
    const english = new Map(textsOf(EN[section]).map(({ key, text }) => [key, text]))
    for (const { key, text } of textsOf(ES[section])) {
      if (ALIKE.has(text.replaceAll(VALUE, '').trim()) || !/\p{L}{2}/u.test(text)) continue
      assert.notEqual(text, english.get(key), `${section}.${key}`)
    }
  }
})

it('no text ends in a space, holds two, or is empty', () => {
  for (const words of [EN, ES]) {
    for (const { key, text } of textsOf(words)) {
      assert.ok(text.length > 0 && text === text.trim() && !text.includes('  '), `${key}: ${JSON.stringify(text)}`)
    }
  }
})

it('a visitor chooses a language before signing in, and keeps it through forms', async () => {
  const visitor = new PortalClient(site.url)
  assert.match((await visitor.get('/sign-in')).text, /<html lang="en"/)
  for (const [language, name] of Object.entries(LANGUAGE_NAMES)) {
    if (language !== 'en') assert.ok(visitor.page.includes(name) && visitor.page.includes(`lang=${language}`))
  }
  assert.match((await visitor.get('/sign-in?lang=es')).text, /<html lang="es"/)
  assert.match((await visitor.get('/sign-in')).text, /<html lang="es"/, 'kept in a cookie')
  const wrong = await visitor.post('/sign-in', { name: 'nobody', password: 'wrong' })
  assert.match(wrong.text, /<html lang="es"/)
  assert.match(
    (await visitor.get('/sign-in?lang=xx')).text,
    /<html lang="es"/,
    'one that we do not have changes nothing',
  )
  assert.match((await visitor.get('/sign-in?lang=en')).text, /<html lang="en"/)
})

it('the site has a language for browsers that ask for none of ours', async () => {
  const ask = async (header: string) => {
    const response = await fetch(`${site.url}/sign-in`, { headers: { 'accept-language': header } })
    return /<html lang="(\w+)"/.exec(await response.text())?.[1]
  }
  assert.equal(await ask('fr-CA, de;q=0.8'), 'en')
  assert.equal(await ask('fr, es-MX;q=0.5, en;q=0.3'), 'es')
  await setSettings(site.context, { actor: 'test', settings: { language: 'es' } })
  assert.equal(await ask('fr-CA, de;q=0.8'), 'es')
  assert.equal(await ask('en-GB'), 'en')
})

it('the first administrator keeps the language in which the account was made', async () => {
  const visitor = new PortalClient(site.url)
  const link = await newLink(site)
  await visitor.get(`${link}?lang=es`)
  const wrong = await visitor.post(link, { name: 'jefa', password: 'corta', again: 'corta' })
  assert.equal(wrong.status, 422)
  assert.ok(wrong.text.includes(ES.setup.passwordFaults.length))
  const made = await visitor.post(link, { name: 'jefa', password: PASSWORD, again: PASSWORD })
  assert.ok(made.text.includes(ES.setup.steps['second-factor']))
  const { access } = await site.context.freshness.read()
  assert.equal(access.accountNamed('jefa')?.language, 'es')
  const elsewhere = new PortalClient(site.url)
  assert.match((await elsewhere.signIn('jefa', PASSWORD)).text, /<html lang="es"/)
})

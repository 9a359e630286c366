import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isNoticePath, NOTICE_KINDS, noticeAudience, type NoticeText } from '../../policies/notice.ts'
import { SENTENCES } from '../../policies/notice-sentences.ts'
import { release, releaseNotice, type Released } from '../../policies/release.ts'
import { audienceOf } from '../../policies/audience.ts'
import { readCaptured } from '../../mail/read-captured.ts'
import { sendMail, wholeMail } from '../../mail/smtp-out.ts'

const BASE = 'https://intel.example.org'
const TO = 'alice@example.org'
const ENVELOPE = { from: 'notices@example.org', to: TO, messageId: 'x@intel.example.org', date: new Date(0) }
const notice = (more: object = {}) =>
  releaseNotice({ kind: 'test', base: BASE, path: '/site/status', language: 'en', to: TO, ...more })

describe('what a notice says', () => {
  for (const kind of NOTICE_KINDS) {
    it(`${kind}: a fixed sentence in each language, and the link`, () => {
      for (const language of ['en', 'es'] as const) {
        const { subject, text } = notice({ kind, language }).body
        assert.equal(subject, SENTENCES[language][kind].subject)
        assert.ok(text.includes(`\n${BASE}/site/status\n`))
        assert.ok(text.startsWith(SENTENCES[language][kind].sentence))
      }
      assert.notEqual(SENTENCES.en[kind].sentence, SENTENCES.es[kind].sentence)
    })
  }

  it('English for a reader of another language', () => {
    assert.deepEqual(notice({ language: 'fr' }).body, notice().body)
  })

  it('no path that could carry text', () => {
    for (const path of [
      '/a b',
      '/%41%42',
      '/a?q=one&r=two',
      '/a?q=hello%20world',
      `/${'a'.repeat(129)}`,
      '/a\r\nBcc: evil@example.net',
      '/<script>',
      '/ä',
    ]) {
      assert.ok(!isNoticePath(path), path)
      assert.throws(() => notice({ path }), /path that no page of ours has/)
    }
    for (const path of [
      '/',
      '/account/security',
      '/invitation/abcDEF_-123',
      '/invitation?token=abc',
      '/groups/x#members',
    ]) {
      assert.ok(isNoticePath(path), path)
    }
  })
})

describe('the way out by mail', () => {
  it('takes nothing that was not released to the recipient', async () => {
    const content = notice()
    await assert.rejects(wholeMail(content, { ...ENVELOPE, to: 'bob@example.org' }), /not released to/)
    const { audience, policyHash, body } = content
    const copied = { audience, policyHash, body } as unknown as Released<NoticeText>
    await assert.rejects(wholeMail(copied, ENVELOPE), /not released to/)
    const relay = { host: '127.0.0.1', port: 1, tls: 'none', signIn: undefined, authorities: [], ownName: 'x' } as const
    await assert.rejects(sendMail(relay, copied, ENVELOPE), /not released to/)
    const view = release({ body: content.body, label: 'TLP:CLEAR' }, audienceOf('some-collection', 'TLP:RED'))
    assert.ok(view.ok)
    await assert.rejects(wholeMail(view.released, ENVELOPE), /not released to/)
  })

  it('takes no address with a line end, whoever vouches for it', async () => {
    const to = 'alice@example.org\r\nRCPT TO:<evil@example.net>'
    assert.equal(noticeAudience(to), notice({ to }).audience)
    await assert.rejects(wholeMail(notice({ to }), { ...ENVELOPE, to }), /not one that we write to/)
    await assert.rejects(wholeMail(notice(), { ...ENVELOPE, from: 'a@b\r\nX: y' }), /not one that we write to/)
    await assert.rejects(wholeMail(notice(), { ...ENVELOPE, messageId: 'x@y\r\nBcc: z' }), /Message-ID/)
  })

  it('is one plain text part with the headers that it needs, and no others', async () => {
    const mail = Buffer.from(await wholeMail(notice({ kind: 'password-changed', language: 'es' }), ENVELOPE)).toString()
    const { head, text } = readCaptured(mail)
    const headers = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n')
    const names = headers.map((line) => line.slice(0, line.indexOf(':'))).toSorted()
    assert.deepEqual(names, [
      'Auto-Submitted',
      'Content-Language',
      'Content-Transfer-Encoding',
      'Content-Type',
      'Date',
      'From',
      'MIME-Version',
      'Message-ID',
      'Subject',
      'To',
    ])
    assert.ok(headers.includes('Content-Type: text/plain; charset=utf-8'))
    assert.ok(headers.includes('Auto-Submitted: auto-generated'))
    assert.ok(headers.includes('Message-ID: <x@intel.example.org>'))
    assert.ok(headers.includes('Date: Thu, 01 Jan 1970 00:00:00 +0000'))
    assert.ok(headers.includes('From: notices@example.org'))
    assert.ok(headers.includes('To: alice@example.org'))
    assert.ok(text.startsWith('Se cambió la contraseña'))
  })
})

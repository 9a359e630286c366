import { LDAP_PRESETS, type LdapPreset } from '../../auth/ldap/presets.ts'
import { type LdapSettings, MEMBER_ATTRIBUTES, NEW_LDAP } from '../../auth/ldap/settings.ts'
import { checkBox, radioGroup, selectField, textArea, textField } from '../components/field.ts'
import { panel } from '../components/panel.ts'
import { line } from '../form.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'
import { type Mistakes, newAccountsField, secretField, timeoutField } from './providers-fields.ts'

const WAYS = ['search-then-bind', 'direct'] as const
const TLS = ['ldaps', 'starttls'] as const

/** The fields of a directory, as its settings are or as somebody has just filled them in. */
export function ldapFields(visit: Visit, now: LdapSettings, hasSecret: boolean, mistakes: Mistakes): readonly Html[] {
  const words = visit.words.providers
  const text = (name: TextName, value: string, more: { readonly hint?: string; readonly required?: boolean } = {}) =>
    textField({ name, label: words[name], value, maxLength: 500, mistake: mistakes[name], ...more })
  const { attributes, groups } = now
  return [
    panel(words.serverGroup, [
      text('url', now.url, { hint: words.urlHint, required: true }),
      radioGroup({
        name: 'tls',
        label: words.tls,
        mistake: mistakes['tls'],
        value: now.tls,
        options: TLS.map((value) => ({ value, label: words.tlsOptions[value] })),
      }),
      textArea({ name: 'ca', label: words.ca, hint: words.caHint, mistake: mistakes['ca'], value: now.ca, rows: 5 }),
      timeoutField(visit, now.timeoutSeconds, mistakes),
    ]),
    panel(words.peopleGroup, [
      radioGroup({
        name: 'way',
        label: words.way,
        mistake: mistakes['way'],
        value: now.way,
        options: WAYS.map((value) => ({ value, label: words.ways[value] })),
      }),
      text('baseDn', now.baseDn, { hint: words.baseDnHint, required: true }),
      text('userAttributes', now.userAttributes.join(' '), { hint: words.userAttributesHint, required: true }),
      text('bindDn', now.bindDn, { hint: words.bindDnHint }),
      secretField(visit, words.bindPassword, hasSecret, mistakes),
      text('directTemplate', now.directTemplate, { hint: words.directTemplateHint }),
      newAccountsField(visit, now.newAccounts, mistakes),
    ]),
    panel(words.attributesGroup, [
      text('attributes.id', attributes.id, { hint: words['attributes.idHint'], required: true }),
      text('attributes.name', attributes.name, { required: true }),
      text('attributes.displayName', attributes.displayName),
      text('attributes.email', attributes.email),
      text('attributes.timeZone', attributes.timeZone, { hint: words['attributes.timeZoneHint'] }),
    ]),
    panel(words.groupsGroup, [
      text('groups.baseDn', groups.baseDn, { hint: words['groups.baseDnHint'] }),
      selectField({
        name: 'groups.memberAttribute',
        label: words['groups.memberAttribute'],
        value: groups.memberAttribute,
        mistake: mistakes['groups.memberAttribute'],
        options: MEMBER_ATTRIBUTES.map((each) => [each, words['groups.memberAttributes'][each]] as const),
      }),
      checkBox({
        name: 'groups.nested',
        label: words['groups.nested'],
        checked: groups.nested,
        mistake: mistakes['groups.nested'],
      }),
      textField({
        name: 'groups.maxDepth',
        label: words['groups.maxDepth'],
        type: 'number',
        value: String(groups.maxDepth),
        mistake: mistakes['groups.maxDepth'],
      }),
    ]),
  ]
}

/** The settings as they came; what is not one of the choices is the usual one. */
export function readLdap({ form }: Visit): LdapSettings {
  return {
    url: line(form, 'url'),
    tls: TLS.find((each) => each === form.get('tls')) ?? NEW_LDAP.tls,
    ca: (form.get('ca') ?? '').replaceAll('\r\n', '\n').trim(),
    way: WAYS.find((each) => each === form.get('way')) ?? NEW_LDAP.way,
    baseDn: line(form, 'baseDn'),
    userAttributes: line(form, 'userAttributes')
      .split(/[\s,]+/)
      .filter((each) => each !== ''),
    bindDn: line(form, 'bindDn'),
    directTemplate: line(form, 'directTemplate'),
    attributes: {
      id: line(form, 'attributes.id'),
      name: line(form, 'attributes.name'),
      displayName: line(form, 'attributes.displayName'),
      email: line(form, 'attributes.email'),
      timeZone: line(form, 'attributes.timeZone'),
    },
    groups: {
      baseDn: line(form, 'groups.baseDn'),
      memberAttribute: MEMBER_ATTRIBUTES.find((each) => each === form.get('groups.memberAttribute')) ?? 'member',
      nested: form.has('groups.nested'),
      maxDepth: Number(line(form, 'groups.maxDepth')),
    },
    newAccounts: form.get('newAccounts') === 'make' ? 'make' : 'refuse',
    timeoutSeconds: Number(line(form, 'timeoutSeconds')),
  }
}

/** Links that begin anew with the attributes of a kind of directory. */
export function presetLinks(visit: Visit): Html {
  const words = visit.words.providers
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of our own constant
  const presets = Object.keys(LDAP_PRESETS) as LdapPreset[]
  return html`<nav aria-label="${words.presets}">
    <p>${words.presets}:</p>
    <ul>
      ${presets.map((each) => html`<li><a href="/site/providers/new/ldap?like=${each}">${words.presetNames[each]}</a></li>`)}
    </ul>
  </nav>`
}

type TextName =
  | 'url'
  | 'baseDn'
  | 'userAttributes'
  | 'bindDn'
  | 'directTemplate'
  | `attributes.${'id' | 'name' | 'displayName' | 'email' | 'timeZone'}`
  | 'groups.baseDn'

import { observable } from './definition.ts'
import type { ObjectOf } from './definition.ts'
import { boolean, dictionary, integer, list, object, string, timestamp } from './fields.ts'
import type { ObjectRule } from './fields.ts'
import { hashes } from './hashes.ts'
import { saysSomething } from './host-observables.ts'
import { ref } from './identifier-fields.ts'
import { has, notEmpty, oneOf, ordered } from './object-rules.ts'
import { required } from './table.ts'

const bodyFitsParts: ObjectRule = (message, report) => {
  if (message['is_multipart'] === true && has(message, 'body')) {
    report.problemAt('body', 'exclusive', "must not be present while 'is_multipart' is true: use 'body_multipart'")
  }
  if (message['is_multipart'] === false && has(message, 'body_multipart')) {
    report.problemAt('body_multipart', 'exclusive', "must not be present while 'is_multipart' is false: use 'body'")
  }
}

/** STIX 2.1 §6.6. */
export const emailMessage = observable(
  'email-message',
  ['from_ref', 'subject', 'body'],
  {
    is_multipart: required(boolean()),
    date: timestamp(),
    content_type: string(),
    from_ref: ref('email-addr'),
    sender_ref: ref('email-addr'),
    to_refs: list(ref('email-addr')),
    cc_refs: list(ref('email-addr')),
    bcc_refs: list(ref('email-addr')),
    message_id: string(),
    subject: string(),
    received_lines: list(string()),
    additional_header_fields: dictionary(list(string())),
    body: string(),
    body_multipart: list(
      object(
        {
          body: string(),
          body_raw_ref: ref('artifact', 'file'),
          content_type: string(),
          content_disposition: string(),
        },
        oneOf('body', 'body_raw_ref', 'content_type', 'content_disposition'),
      ),
    ),
    raw_email_ref: ref('artifact'),
  },
  {},
  bodyFitsParts,
)

const x509Extensions = object(
  {
    basic_constraints: string(),
    name_constraints: string(),
    policy_constraints: string(),
    key_usage: string(),
    extended_key_usage: string(),
    subject_key_identifier: string(),
    authority_key_identifier: string(),
    subject_alternative_name: string(),
    issuer_alternative_name: string(),
    subject_directory_attributes: string(),
    crl_distribution_points: string(),
    inhibit_any_policy: string(),
    private_key_usage_period_not_before: timestamp(),
    private_key_usage_period_not_after: timestamp(),
    certificate_policies: string(),
    policy_mappings: string(),
  },
  notEmpty,
)

/** STIX 2.1 §6.18. */
export const x509Certificate = observable(
  'x509-certificate',
  ['hashes', 'serial_number'],
  {
    is_self_signed: boolean(),
    hashes: hashes(),
    version: string(),
    serial_number: string(),
    signature_algorithm: string(),
    issuer: string(),
    validity_not_before: timestamp(),
    validity_not_after: timestamp(),
    subject: string(),
    subject_public_key_algorithm: string(),
    subject_public_key_modulus: string(),
    subject_public_key_exponent: integer(),
    x509_v3_extensions: x509Extensions,
  },
  {},
  saysSomething,
  ordered('validity_not_before', 'validity_not_after'),
)

/** A mail (STIX 2.1 §6.6). */
export type EmailMessage = ObjectOf<typeof emailMessage>
/** An X.509 certificate (STIX 2.1 §6.18). */
export type X509Certificate = ObjectOf<typeof x509Certificate>

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { OBJECT_TYPES, TLP1, create, parseStixObject } from '../src/index.ts'
import type { NewObject, ObjectType } from '../src/index.ts'
import { FILE, INDICATOR, MALWARE } from './samples.ts'

const NOW = '2026-11-21T20:21:31.199890Z'
const LATER = '2026-11-22T20:21:31.199Z'
const options = { now: NOW, uuid: () => '5d0c2a4e-6b1f-4c0e-9a57-0f3f7a1f9c21' }
const V5 = 'ff1e0780-358c-5808-a8c7-d0fca4ef6ef4'
const HASHES = { MD5: 'd41d8cd98f00b204e9800998ecf8427e', 'SHA-256': 'a'.repeat(64) }
const PHASES = [{ kill_chain_name: 'acme-chain', phase_name: 'delivery' }]
const SEEN = { first_seen: NOW, last_seen: LATER }
const IDENTITY = 'identity--f431f809-377b-45e0-aa1c-6a4751cae5ff'

/** For each type, as many of its properties as go together. */
const RICH: { readonly [T in ObjectType]: NewObject<T> } = {
  'attack-pattern': {
    name: 'x',
    aliases: ['y'],
    kill_chain_phases: PHASES,
    external_references: [
      { source_name: 'capec', external_id: 'CAPEC-163' },
      { source_name: 'cve', external_id: 'CVE-2016-12345' },
      { source_name: 'acme', url: 'https://example.com/', hashes: HASHES },
    ],
  },
  campaign: { name: 'x', objective: 'y', ...SEEN, revoked: true, confidence: 100, lang: 'en-GB' },
  'course-of-action': { name: 'x', description: 'y', created_by_ref: IDENTITY },
  grouping: { context: 'suspicious-activity', object_refs: [FILE.id] },
  identity: {
    name: 'x',
    identity_class: 'organization',
    sectors: ['energy'],
    roles: ['any'],
    contact_information: 'y',
  },
  incident: { name: 'x' },
  indicator: {
    name: 'x',
    description: 'y',
    pattern: "[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e' AND x-acme:any = 1 AND file:x_acme = 1]",
    pattern_type: 'stix',
    pattern_version: '2.1',
    valid_from: NOW,
    valid_until: LATER,
    kill_chain_phases: PHASES,
    granular_markings: [{ marking_ref: TLP1.red.id, selectors: ['name', 'kill_chain_phases.[0].phase_name'] }],
  },
  infrastructure: { name: 'x', infrastructure_types: ['botnet'], ...SEEN },
  'intrusion-set': {
    name: 'x',
    goals: ['y'],
    resource_level: 'government',
    primary_motivation: 'ideology',
    secondary_motivations: ['revenge'],
    ...SEEN,
  },
  location: {
    region: 'northern-europe',
    country: 'se',
    latitude: 59.3,
    longitude: 18,
    precision: 0,
    city: 'Stockholm',
  },
  malware: {
    is_family: false,
    malware_types: ['worm'],
    operating_system_refs: [`software--${V5}`],
    sample_refs: [`artifact--${V5}`, FILE.id],
    architecture_execution_envs: ['x86-64'],
    implementation_languages: ['c++'],
    capabilities: ['anti-vm'],
    ...SEEN,
  },
  'malware-analysis': {
    product: 'x',
    result: 'benign',
    analysis_started: NOW,
    analysis_ended: NOW,
    analysis_sco_refs: [FILE.id],
    sample_ref: FILE.id,
    host_vm_ref: `software--${V5}`,
    modules: ['y'],
  },
  note: { content: 'x', abstract: 'y', authors: ['z'], object_refs: [INDICATOR.id] },
  'observed-data': { first_observed: NOW, last_observed: NOW, number_observed: 999_999_999, object_refs: [FILE.id] },
  opinion: { opinion: 'strongly-agree', explanation: 'x', object_refs: [INDICATOR.id] },
  report: { name: 'x', report_types: ['malware'], published: NOW, object_refs: [INDICATOR.id, FILE.id] },
  'threat-actor': {
    name: 'x',
    threat_actor_types: ['spy'],
    roles: ['agent'],
    sophistication: 'none',
    personal_motivations: ['dominance'],
    ...SEEN,
  },
  tool: { name: 'x', tool_types: ['exploitation'], tool_version: '1' },
  vulnerability: { name: 'x' },
  artifact: {
    mime_type: 'application/zip',
    url: 'https://example.com/',
    hashes: HASHES,
    encryption_algorithm: 'mime-type-indicated',
    decryption_key: 'x',
  },
  'autonomous-system': { number: 15_139, name: 'x', rir: 'ARIN' },
  directory: { path: '/x', path_enc: 'UTF-8', ctime: NOW, mtime: NOW, atime: NOW, contains_refs: [FILE.id] },
  'domain-name': { value: 'example.com', resolves_to_refs: [`ipv4-addr--${V5}`] },
  'email-addr': { value: 'a@example.com', display_name: 'x', belongs_to_ref: `user-account--${V5}` },
  'email-message': {
    is_multipart: true,
    from_ref: `email-addr--${V5}`,
    to_refs: [`email-addr--${V5}`],
    date: NOW,
    additional_header_fields: { 'X-Mailer': ['x'] },
    body_multipart: [{ content_type: 'text/plain', body: 'x' }, { body_raw_ref: `artifact--${V5}` }],
  },
  file: {
    name: 'x',
    hashes: HASHES,
    size: 0,
    extensions: {
      'archive-ext': { contains_refs: [FILE.id], comment: 'x' },
      'ntfs-ext': { sid: 'x', alternate_data_streams: [{ name: 'x', size: 1, hashes: HASHES }] },
      'pdf-ext': { version: '1.7', is_optimized: true, document_info_dict: { Title: 'x' } },
      'raster-image-ext': { image_height: 1, exif_tags: { Make: 'x', XResolution: 1 } },
      'windows-pebinary-ext': {
        pe_type: 'dll',
        machine_hex: '014c',
        time_date_stamp: NOW,
        file_header_hashes: HASHES,
        optional_header: { magic_hex: '010b', hashes: HASHES },
        sections: [{ name: 'x', entropy: 0.5, size: 1 }],
      },
    },
  },
  'ipv4-addr': { value: '198.51.100.0/24', resolves_to_refs: [`mac-addr--${V5}`] },
  'ipv6-addr': { value: '2001:db8::/32', belongs_to_refs: [`autonomous-system--${V5}`] },
  'mac-addr': { value: '00:00:5e:00:53:01' },
  mutex: { name: 'x' },
  'network-traffic': {
    start: NOW,
    end: LATER,
    is_active: false,
    src_ref: `ipv4-addr--${V5}`,
    dst_ref: `domain-name--${V5}`,
    src_port: 0,
    dst_port: 65_535,
    protocols: ['ipv4', 'tcp', 'http'],
    ipfix: { minimumIpTotalLength: 32, userName: 'x' },
    encapsulates_refs: [`network-traffic--${V5}`],
    extensions: {
      'http-request-ext': { request_method: 'get', request_value: '/', request_header: { 'User-Agent': ['x'] } },
      'icmp-ext': { icmp_type_hex: '08', icmp_code_hex: '00' },
      'socket-ext': { address_family: 'AF_INET', socket_type: 'SOCK_STREAM', options: { SO_KEEPALIVE: 1 } },
      'tcp-ext': { src_flags_hex: '00000002' },
    },
  },
  process: {
    pid: 1,
    command_line: 'x',
    environment_variables: { PATH: '/bin' },
    image_ref: FILE.id,
    extensions: {
      'windows-process-ext': { priority: 'HIGH_PRIORITY_CLASS', integrity_level: 'low', startup_info: { cb: '1' } },
      'windows-service-ext': { service_name: 'x', start_type: 'SERVICE_AUTO_START', service_status: 'SERVICE_RUNNING' },
    },
  },
  software: { name: 'x', cpe: 'cpe:2.3:a:acme:x:1:*:*:*:*:*:*:*', languages: ['en', 'de-CH'] },
  url: { value: 'https://example.com/?q=%20#x' },
  'user-account': {
    user_id: 'x',
    account_type: 'unix',
    is_disabled: true,
    account_created: NOW,
    extensions: { 'unix-account-ext': { gid: 0, groups: ['x'] } },
  },
  'windows-registry-key': {
    key: 'HKEY_LOCAL_MACHINE\\x',
    values: [{ name: 'x', data: 'y', data_type: 'REG_SZ' }],
    number_of_subkeys: 0,
  },
  'x509-certificate': {
    serial_number: 'x',
    validity_not_before: NOW,
    validity_not_after: LATER,
    x509_v3_extensions: { key_usage: 'x', private_key_usage_period_not_before: NOW },
  },
  relationship: {
    relationship_type: 'indicates',
    source_ref: INDICATOR.id,
    target_ref: MALWARE.id,
    start_time: NOW,
    stop_time: LATER,
  },
  sighting: {
    sighting_of_ref: INDICATOR.id,
    count: 0,
    observed_data_refs: ['observed-data--b67d30ff-02ac-498a-92f9-32f845f448cf'],
    where_sighted_refs: [IDENTITY],
    summary: true,
    ...SEEN,
  },
  'extension-definition': {
    created_by_ref: IDENTITY,
    name: 'x',
    description: 'y',
    schema: 'https://example.com/',
    version: '1.0.0',
    extension_types: ['toplevel-property-extension'],
    extension_properties: ['rank'],
  },
  'language-content': {
    object_ref: INDICATOR.id,
    object_modified: NOW,
    contents: { de: { name: 'x', labels: ['y'], nested_thing: { name: 'z' } }, 'pt-BR': { name: 'x' } },
  },
  'marking-definition': { definition_type: 'statement', definition: { statement: 'x' } },
}

describe('every type', () => {
  it('is in the table', () => assert.deepEqual(Object.keys(RICH).sort(), [...OBJECT_TYPES].sort()))

  for (const type of OBJECT_TYPES) {
    it(`${type} is accepted without a warning with its properties`, () => {
      const properties: NewObject<typeof type> = RICH[type]
      const result = parseStixObject(create<ObjectType>(type, properties, options))
      assert.deepEqual(result.ok && result.warnings, [])
    })
  }
})

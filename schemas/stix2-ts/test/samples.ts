/** Objects that are valid without a warning, one per type that the tests vary. */
export const INDICATOR = {
  type: 'indicator',
  spec_version: '2.1',
  id: 'indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f',
  created_by_ref: 'identity--f431f809-377b-45e0-aa1c-6a4751cae5ff',
  created: '2016-04-06T20:03:48.000Z',
  modified: '2016-04-06T20:03:48.000Z',
  name: 'Poison Ivy',
  description: 'A hash',
  indicator_types: ['malicious-activity'],
  pattern: "[file:hashes.'SHA-256' = 'aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f']",
  pattern_type: 'stix',
  valid_from: '2016-04-06T20:03:48Z',
} as const

export const MALWARE = {
  type: 'malware',
  spec_version: '2.1',
  id: 'malware--0c7b5b88-8ff7-4a4d-aa9d-feb398cd0061',
  created: '2016-05-12T08:17:27.000Z',
  modified: '2016-05-12T08:17:27.000Z',
  name: 'Cryptolocker',
  malware_types: ['ransomware'],
  is_family: true,
} as const

export const RELATIONSHIP = {
  type: 'relationship',
  spec_version: '2.1',
  id: 'relationship--44298a74-ba52-4f0c-87a3-1824e67d7fad',
  created: '2016-04-06T20:06:37.000Z',
  modified: '2016-04-06T20:06:37.000Z',
  relationship_type: 'indicates',
  source_ref: INDICATOR.id,
  target_ref: MALWARE.id,
} as const

export const FILE = {
  type: 'file',
  spec_version: '2.1',
  id: 'file--c27c572c-2e17-5ce1-817e-67bb97629a56',
  name: 'data.txt',
} as const

export const LOCATION = {
  type: 'location',
  spec_version: '2.1',
  id: 'location--a6e9345f-5a15-4c29-8bb3-7dcc5d168d64',
  created: '2016-04-06T20:03:00.000Z',
  modified: '2016-04-06T20:03:00.000Z',
  latitude: 48.85,
  longitude: 2.35,
} as const

export const BUNDLE = { type: 'bundle', id: 'bundle--44af6c39-c09b-49c5-9de2-394224b04982' } as const

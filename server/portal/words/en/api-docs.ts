/** English texts: the documentation of the API. */
export const apiDocs = {
  title: 'The API',
  intro:
    'Everything here is for scripts: JSON in, JSON out, with a token in the header Authorization. Indicators and other STIX objects are exchanged by TAXII 2.1, not here.',
  howTo: 'How to call it',
  howToText: 'Make a token with the scope api:read in your account, then:',
  document: 'The whole description as OpenAPI 3.1',
  contents: 'Calls',
  permission: 'Permission',
  path: 'Parts of the address',
  query: 'Query',
  body: 'Body',
  answer: (status: number) => `Answer (${status})`,
  noAnswer: 'Nothing is said when it is done (204).',
  refusals: 'Refusals',
  refusalsText: 'Each is application/problem+json with title, status and code:',
  field: 'Field',
  type: 'Type',
  meaning: 'Meaning',
  optional: 'optional',
  status: 'Status',
}

/** M: the standard says MUST. S: SHOULD. N: a normative table or permission. I: interoperability with real clients. */
export type Level = 'M' | 'S' | 'N' | 'I'

/** One thing that the tests show. */
export interface Item {
  readonly id: string
  /** Section of TAXII 2.1, or of the specification that is named. */
  readonly section: string
  readonly level: Level
  readonly title: string
}

/** Items on one subject. */
export interface Chapter {
  readonly title: string
  readonly items: readonly Item[]
}

type Row = readonly [id: string, section: string, level: Level, title: string]

const GENERAL: readonly Row[] = [
  ['G01', '8.2.1', 'M', 'discovery answers at /taxii2/'],
  ['G02', '8.2.1', 'M', 'there is an API root'],
  ['G03', '8.2.2', 'M', 'HTTPS with TLS 1.2'],
  ['G04', '8.2.2', 'M', 'TLS 1.3, and no early data'],
  ['G05', '8.2.2', 'S', 'no cipher that RFC 7540 forbids'],
  ['G06', '8.2.2', 'S', 'HTTP Basic'],
  ['G07', '1.6.9', 'M', 'no or wrong credentials: 401 with a challenge, at every address with every method'],
  ['G08', '8.3.1', 'M', 'client certificates are verified by RFC 5280'],
  ['G09', '8.2.1', 'S', 'a client without User-Agent is served'],
  ['G10', '3.1', 'M', 'every success has the TAXII media type'],
  ['G11', '3.1', 'N', 'every failure has the TAXII media type and an error message'],
  ['G12', '3.6.1', 'M', 'the error message has a title, and the status as text'],
  ['G13', 'App. B', 'I', 'what is not yours is answered like what is not there'],
  ['G14', '3.1', 'M', 'addresses end with a slash; without it the same is found'],
  ['G15', '2', 'M', 'timestamps have six decimals and Z'],
  ['G16', '2', 'M', 'no empty lists'],
  ['G17', '2', 'M', 'identifiers are UUIDs of version 4'],
  ['G18', '7.1', 'N', 'unknown properties of an envelope do no harm; ours would begin with x_'],
  ['G19', '3.8', 'M', 'property names are exact and required ones are there'],
  ['G20', '8.2.1', 'M', 'bodies are JSON in UTF-8 without doubled keys'],
]

const NEGOTIATION: readonly Row[] = [
  ['C01', '1.6.8', 'M', 'the media type with version 2.1 is accepted'],
  ['C02', '1.6.8', 'M', 'the media type without a version is served as 2.1'],
  ['C03', '1.6.8', 'M', 'Accept and Content-Type are read as RFC 7231 writes them'],
  ['C04', '5.3', 'M', 'TAXII and STIX together in Accept are served'],
  ['C05', '3.1', 'N', 'wildcards, generic JSON and no Accept at all are served'],
  ['C06', '3.1', 'N', 'only TAXII 2.0: 406'],
  ['C07', '3.1', 'N', 'our type with q=0: 406'],
  ['C08', '5.5', 'M', 'a body of our media type is read'],
  ['C09', '5.5', 'N', 'a body of another media type: 415'],
  ['C10', '5.5', 'N', 'a post without Accept: 406, without Content-Type: 415'],
  ['C11', '1.6.8', 'I', 'gzip in both directions, and Vary'],
]

const DISCOVERY: readonly Row[] = [
  ['D01', '4.1', 'M', 'discovery has a title'],
  ['D02', '4.1', 'M', 'the default is one of the API roots'],
  ['D03', '4.1', 'M', 'API roots are https URLs or absolute paths'],
  ['D04', '4.1', 'N', 'a member sees the roots of its own groups only'],
  ['D05', '4.1', 'N', '401 and 406 as the table says'],
  ['R01', '4.2', 'M', 'an API root has title, versions and max_content_length'],
  ['R02', '4.2', 'M', 'each root has its own URL, an unknown one is 404'],
  ['R03', '4.2', 'M', 'max_content_length holds, declared and chunked'],
]

const STATUS: readonly Row[] = [
  ['S01', '4.3', 'M', 'a status has id, state and four counts'],
  ['S02', '4.3', 'I', 'the counts add up and match the lists'],
  ['S03', '4.3', 'M', 'details name object, version and reason'],
  ['S04', '4.3', 'M', 'an unknown or expired status: 404'],
  ['S05', '4.3', 'S', 'a status can be read for 24 hours'],
  ['S06', '4.3', 'I', 'what is complete stays complete'],
  ['S07', '4.3', 'I', "another member's status: 404"],
]

const COLLECTIONS: readonly Row[] = [
  ['L01', '5.1', 'M', 'the list of collections; {} when there is none'],
  ['L02', '5.1', 'M', 'the order never changes'],
  ['L03', '5.2', 'M', 'id, title, rights of the caller, media types'],
  ['L04', '5.1', 'M', 'a failed sign-in: 401'],
  ['L05', '5.2', 'M', 'an alias is unique and works like the id'],
  ['L06', '5.2', 'N', 'an unknown collection: 404'],
  ['L07', '5.2', 'I', 'one collection is the same as its entry in the list'],
]

const PERMISSIONS: readonly Row[] = [
  ['P01', '5.3 to 5.8', 'M', 'reading without the right: 403 or 404'],
  ['P02', '5.3 to 5.8', 'M', 'not signed in: 401'],
  ['P03', '5.5', 'M', 'writing without the right: 403 or 404'],
  ['P04', '5.7', 'M', 'deleting takes both rights: 404, 403, 403, 200'],
  ['P05', 'App. B', 'M', 'next gives nothing that the caller may not have'],
]

const READING: readonly Row[] = [
  ['Q01', '3.3', 'M', 'sorted by date_added, oldest first'],
  ['Q02', '3.4', 'M', 'added_after is exclusive'],
  ['Q03', '3.4', 'M', 'added_after is not about created or modified'],
  ['Q04', '3.4', 'M', 'a malformed or doubled added_after: 400'],
  ['Q05', '3.4', 'M', 'limit is a whole number above 0, else 400; large ones are capped'],
  ['Q06', '3.5', 'M', 'never more than limit, and more says that there is more'],
  ['Q07', '3.3', 'M', 'date headers of the first and last object'],
  ['Q08', '3.5', 'I', 'paging by next meets every object once while others write'],
  ['Q09', '3.4', 'I', 'paging by added_after loses nothing'],
  ['Q10', '3.4', 'I', 'nothing is dated before what was served already'],
  ['Q11', '3.5', 'M', 'next with changed filters: 400'],
  ['Q12', '3.5', 'I', 'garbage as next: 400; a next lives on over a restart'],
  ['Q13', '3.5', 'I', 'next on manifest and versions too'],
  ['Q14', '3.4.1', 'M', 'the match fields of every endpoint'],
  ['Q15', '3.4.1', 'M', 'fields are joined by AND, values by OR; a doubled field: 400'],
  ['Q16', '3.4.1', 'M', 'any type may be asked for'],
  ['Q17', '3.4.1', 'M', 'without match[version] the latest version'],
  ['Q18', '3.4.1', 'M', 'first, last, all, exact versions and their combinations'],
  ['Q19', '3.4.1', 'M', 'versions are equal by instant'],
  ['Q20', '3.4.1', 'M', 'objects without modified have one version everywhere'],
  ['Q21', '3.4.1', 'M', 'match[spec_version]'],
  ['Q22', '3.4.1', 'N', 'unknown match fields are ignored'],
  ['Q23', '5.4', 'M', 'nothing found: an empty envelope; an unknown object: 404'],
  ['Q24', '5.3', 'M', 'manifest records'],
  ['Q25', '5.8', 'M', 'versions as they were posted, in a fixed order'],
  ['Q26', '5.4', 'I', 'objects come back to the byte'],
  ['Q27', '3.4.1', 'I', 'brackets plain or percent-encoded'],
  ['Q28', '3.5', 'I', 'an object that changes between two pages is not lost'],
]

const WRITING: readonly Row[] = [
  ['W01', '5.5', 'N', 'a post is answered with 202 and a status'],
  ['W02', '5.5', 'M', 'an exact duplicate is no error'],
  ['W03', '5.5', 'I', 'the same version with other content fails, the first one stays'],
  ['W04', '5.5', 'N', 'what is no envelope: 400 or 422'],
  ['W05', '5.5', 'N', 'one bad object does not refuse its neighbours'],
  ['W06', '5.5', 'N', 'nothing but unsupported content: 422'],
  ['W07', '5.5', 'I', 'cyber-observables without spec_version, created and modified'],
  ['W08', '5.5', 'I', 'a bundle: 422 with the way out'],
  ['W09', '5.5', 'I', 'no input spoils later reading'],
  ['W10', '5.5', 'I', 'visible with the answer, in the order of the envelope'],
  ['W11', '5.7', 'M', 'what was deleted is gone everywhere'],
  ['W12', '5.7', 'M', 'DELETE takes the versions that are matched, else all'],
  ['W13', '5.7', 'N', 'deleting an unknown object: 404'],
  ['W14', '5.7', 'I', 'a deleted id can be posted again'],
  ['W15', '5.5', 'I', 'the same post twice at once stores once'],
  ['W16', '3.1', 'I', 'methods: 405 with Allow, HEAD, OPTIONS'],
]

/** Every item of TAXII 2.1 that the server is held to. Each id has at least one test in this folder. */
export const CHECKLIST: readonly Chapter[] = [
  chapter('Transport, sign-in and general rules', GENERAL),
  chapter('Media types', NEGOTIATION),
  chapter('Discovery and API roots', DISCOVERY),
  chapter('Status', STATUS),
  chapter('Collections', COLLECTIONS),
  chapter('Rights', PERMISSIONS),
  chapter('Reading: order, filters, pages', READING),
  chapter('Writing and deleting', WRITING),
]

function chapter(title: string, rows: readonly Row[]): Chapter {
  return { title, items: rows.map(([id, section, level, text]) => ({ id, section, level, title: text })) }
}

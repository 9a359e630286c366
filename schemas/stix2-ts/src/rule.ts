interface RuleText {
  /** A problem refuses the object, a warning does not. */
  readonly level: 'problem' | 'warning'
  /** Where the rule comes from. */
  readonly source: string
  /** What the rule asks for, in one sentence. */
  readonly asks: string
}

/**
 * Every rule the validator can report, by its stable code. A `problem` refuses the object (MUST), a `warning` does not
 * (SHOULD). The README prints this table and a test compares the two.
 */
export const RULES = {
  object: { level: 'problem', source: '§3.1', asks: 'A STIX object is a JSON object.' },
  json: { level: 'problem', source: 'RFC 8259', asks: 'A value is a JSON value: no undefined, function, date or NaN.' },
  depth: { level: 'problem', source: 'limit', asks: 'Values nest at most 64 levels deep.' },
  text: { level: 'problem', source: 'RFC 7493', asks: 'A string has neither U+0000 nor a lone surrogate.' },
  type: { level: 'problem', source: '§3.1', asks: 'The type is 3 to 250 of a-z, 0-9 and single hyphens.' },
  required: { level: 'problem', source: '§3.1', asks: 'A required property is present.' },
  null: { level: 'problem', source: '§3.1', asks: 'An absent property is left out, not null.' },
  string: { level: 'problem', source: '§2.15', asks: 'The value is a string.' },
  boolean: { level: 'problem', source: '§2.2', asks: 'The value is true or false.' },
  integer: { level: 'problem', source: '§2.10', asks: 'The value is a whole number within 2^53-1.' },
  float: { level: 'problem', source: '§2.6', asks: 'The value is a finite number.' },
  range: { level: 'problem', source: 'the property', asks: 'The number is within the bounds of its property.' },
  list: { level: 'problem', source: '§2.12', asks: 'The value is a list.' },
  'empty-list': { level: 'problem', source: '§2.12', asks: 'A list has at least one entry, else it is left out.' },
  dictionary: { level: 'problem', source: '§2.3', asks: 'The value is a dictionary.' },
  'dictionary-key': {
    level: 'problem',
    source: '§2.3',
    asks: 'A key is 1 to 250 of a-z, A-Z, 0-9, hyphen and underscore.',
  },
  'empty-object': { level: 'problem', source: 'the object', asks: 'A nested object has at least one property.' },
  'property-name': {
    level: 'problem',
    source: '§3.1, §11.1',
    asks: 'A property name starts with a-z and two of a-z, 0-9, underscore, and has at most 250 characters.',
  },
  'reserved-property': {
    level: 'problem',
    source: '§3.1',
    asks: 'severity, action, username and phone_numbers are reserved names.',
  },
  const: { level: 'problem', source: 'the property', asks: 'The property has the one value that is allowed.' },
  enum: { level: 'problem', source: '§10', asks: 'The value is one of a closed vocabulary.' },
  timestamp: {
    level: 'problem',
    source: '§2.16',
    asks: 'A timestamp is a real date and time, RFC 3339, in UTC with Z.',
  },
  identifier: {
    level: 'problem',
    source: '§2.9',
    asks: 'An identifier is an object type, two hyphens and an RFC 4122 UUID.',
  },
  'id-type': { level: 'problem', source: '§2.9', asks: 'The type part of id equals the type of the object.' },
  'id-random': {
    level: 'problem',
    source: '§2.9',
    asks: 'An observable without contributing properties has a UUIDv4.',
  },
  'ref-type': { level: 'problem', source: 'the property', asks: 'A reference names an object of an allowed type.' },
  'order-modified': { level: 'problem', source: '§3.2', asks: 'modified is not before created.' },
  'order-time': { level: 'problem', source: 'the object', asks: 'The later of two times is not before the earlier.' },
  'one-of': { level: 'problem', source: 'the object', asks: 'At least one of a group of properties is present.' },
  together: { level: 'problem', source: 'the object', asks: 'Properties that need each other are present together.' },
  exclusive: {
    level: 'problem',
    source: 'the object',
    asks: 'Properties that exclude each other are not both present.',
  },
  'external-reference': {
    level: 'problem',
    source: '§2.5',
    asks: 'A cve or capec reference has an external_id of that form.',
  },
  hash: { level: 'problem', source: '§2.7', asks: 'A hash has the length and characters of its algorithm.' },
  hex: { level: 'problem', source: '§2.8', asks: 'A hex value is an even number of hexadecimal characters.' },
  binary: { level: 'problem', source: '§2.1', asks: 'A binary value is padded base64 (RFC 4648).' },
  language: { level: 'problem', source: '§3.2', asks: 'A language is an RFC 5646 tag.' },
  'character-set': { level: 'problem', source: '§6.3, §6.7', asks: 'A character set is registered with IANA.' },
  cpe: { level: 'problem', source: '§6.14', asks: 'A cpe is a CPE 2.3 formatted string.' },
  address: {
    level: 'problem',
    source: '§6',
    asks: 'An address or URL has the form of its kind, unless the object is defanged.',
  },
  'registry-key': { level: 'problem', source: '§6.17', asks: 'The hive is written in full, not abbreviated.' },
  'socket-option': {
    level: 'problem',
    source: '§6.12.5',
    asks: 'A socket option has a known prefix and a whole number.',
  },
  'relationship-type': {
    level: 'problem',
    source: '§5.1',
    asks: 'A relationship type is made of a-z, 0-9 and hyphen.',
  },
  extension: {
    level: 'problem',
    source: '§7.3',
    asks: 'An extension is named by an extension-definition id or ends in -ext.',
  },
  'extension-properties': {
    level: 'problem',
    source: '§7.3',
    asks: 'extension_properties goes only with toplevel-property-extension.',
  },
  selector: { level: 'problem', source: '§7.2.3', asks: 'A selector points at content of the object.' },
  'granular-marking': {
    level: 'problem',
    source: '§7.2.3',
    asks: 'A granular marking has exactly one of lang and marking_ref.',
  },
  'marking-circular': { level: 'problem', source: '§7.2.1', asks: 'A marking does not mark itself.' },
  'tlp-instance': { level: 'problem', source: '§7.2.1', asks: 'No other TLP markings are made than the fixed ones.' },
  'tlp-content': { level: 'problem', source: '§7.2.1', asks: 'A fixed TLP marking has its fixed content.' },
  'language-content': {
    level: 'problem',
    source: '§7.1',
    asks: 'contents maps language tags to property names and translations.',
  },
  pattern: {
    level: 'problem',
    source: '§9',
    asks: 'A STIX pattern parses, and its object types and properties are well-formed names.',
  },
  bundle: { level: 'problem', source: '§8', asks: 'A bundle is read with parseBundle, and holds no bundle.' },
  'stix-2.0': { level: 'problem', source: '§3.2', asks: 'The content is STIX 2.1; STIX 2.0 is upgraded first.' },

  'custom-object': {
    level: 'warning',
    source: '§11.2',
    asks: 'A custom object type comes with an extension of new-sdo, new-sco or new-sro.',
  },
  'custom-property': { level: 'warning', source: '§11.1', asks: 'A custom property comes with a property extension.' },
  'custom-extension': {
    level: 'warning',
    source: '§7.3',
    asks: 'A custom extension has an extension definition and an extension_type.',
  },
  'custom-name': {
    level: 'warning',
    source: '§11.1',
    asks: 'A custom property name is made of a-z, 0-9 and underscore.',
  },
  'custom-ref': {
    level: 'warning',
    source: '§2.9',
    asks: 'A custom property that ends in _ref or _refs holds identifiers.',
  },
  'open-vocabulary': {
    level: 'warning',
    source: '§10',
    asks: 'A value is taken from the open vocabulary where one fits.',
  },
  'vocabulary-form': {
    level: 'warning',
    source: '§2.14',
    asks: 'An open vocabulary value is lower case with hyphens.',
  },
  'id-version': { level: 'warning', source: '§2.9', asks: 'An id is a UUIDv4, that of an observable a UUIDv5.' },
  'id-content': { level: 'warning', source: '§2.9', asks: 'The UUIDv5 of an observable follows from its content.' },
  'ref-form': {
    level: 'warning',
    source: '§2.9',
    asks: 'A reference is a whole identifier of the type that its property speaks of.',
  },
  precision: { level: 'warning', source: '§3.2', asks: 'created and modified have at least three digits of a second.' },
  'kill-chain': { level: 'warning', source: '§2.11', asks: 'Kill chain and phase names are lower case with hyphens.' },
  country: { level: 'warning', source: '§4.10', asks: 'A country is an ISO 3166-1 alpha-2 code.' },
  'indicator-text': { level: 'warning', source: '§4.7', asks: 'An indicator has a name and a description.' },
  'extension-text': { level: 'warning', source: '§7.3', asks: 'An extension definition has a description.' },
  'extension-names': {
    level: 'warning',
    source: '§7.3',
    asks: 'A toplevel-property-extension names its extension_properties.',
  },
  'marking-type': {
    level: 'warning',
    source: '§7.2.1',
    asks: 'definition_type is statement or tlp; other markings are extensions.',
  },
  'tlp-name': { level: 'warning', source: '§7.2.1', asks: 'Only the fixed TLP markings are named TLP.' },
  'relationship-suggestion': {
    level: 'warning',
    source: '§5.1',
    asks: 'A relationship is one that the standard suggests.',
  },
  'media-type': { level: 'warning', source: '§6', asks: 'A media type is registered with IANA.' },
  'http-header': { level: 'warning', source: '§6.12.2', asks: 'A request header is registered with IANA.' },
  ipfix: { level: 'warning', source: '§6.12', asks: 'An ipfix key has the form of an IANA element name.' },
  'document-info': { level: 'warning', source: '§6.7.4', asks: 'A document_info_dict key is one that PDF defines.' },
  ports: { level: 'warning', source: '§6.12', asks: 'Network traffic has both src_port and dst_port.' },
  protocol: { level: 'warning', source: '§6.12', asks: 'A protocol is a lower-case service name.' },
  'process-priority': { level: 'warning', source: '§6.13.2', asks: 'A process priority ends in _CLASS.' },
  'url-characters': { level: 'warning', source: '§6.15', asks: 'A URL has only the characters of RFC 3986.' },
  'pattern-name': {
    level: 'warning',
    source: '§9',
    asks: 'A pattern uses object types and properties of the standard.',
  },
  'duplicate-object': { level: 'warning', source: '§8', asks: 'A bundle holds one object per id and modified.' },
} as const satisfies Record<string, RuleText>

/** Stable code of a rule, for example `timestamp`. */
export type Rule = keyof typeof RULES

/** Codes of the rules that refuse an object. */
export type ProblemRule = { [R in Rule]: (typeof RULES)[R]['level'] extends 'problem' ? R : never }[Rule]

/** Codes of the rules that only warn. */
export type WarningRule = Exclude<Rule, ProblemRule>

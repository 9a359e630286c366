import type { CertificateProblem } from '../../../../mail/openpgp/certificate.ts'
import { REFUSALS } from '../../../../mail/openpgp/refusals.ts'
import type { KeyCare } from '../../../keys/group-keys.ts'

/** In two or three words: the state of a key. */
const PROBLEM_NAMES: Readonly<Record<CertificateProblem, string>> = {
  key_empty: 'Empty',
  key_not_a_key: 'No key',
  key_damaged: 'Damaged',
  key_secret: 'Secret key',
  key_several: 'Several keys',
  key_too_large: 'Too large',
  key_flooded: 'Flooded',
  key_version: 'Version not readable',
  key_algorithm: 'Kind not usable',
  key_not_self_signed: 'Not signed by itself',
  key_revoked: 'Revoked',
  key_expired: 'Expired',
  key_not_yet_valid: 'Not yet valid',
  key_weak_algorithm: 'Too weak',
  key_weak_signature: 'Weak signature',
  key_no_encryption: 'Not for encryption',
  key_encryption_expired: 'Encryption expired',
  key_no_address: 'None of your addresses',
  key_ocb_only: 'GnuPG’s own form only',
  key_new_format: 'New format',
}

const PROBLEM_SENTENCES: Readonly<Record<CertificateProblem, string>> = {
  ...REFUSALS,
  key_new_format:
    'This key uses the newer format of RFC 9580. GnuPG 2.2 and many mail programs cannot encrypt to it: some members may not be able to write to you.',
}

const CARE: Readonly<Record<KeyCare['reason'], string>> = {
  ...PROBLEM_NAMES,
  'no-key': 'No key',
  unproven: 'Not proven',
  retired: 'Put away',
  'expires-soon': 'Expires soon',
}

const NEXT_STEPS: Readonly<Record<KeyCare['reason'], string>> = {
  ...PROBLEM_SENTENCES,
  'no-key': 'Upload a key on the page “Keys” of the account, prove it, and choose it for this group.',
  unproven: 'Prove on the page “Keys” of the account that the secret half is there.',
  retired: 'Choose another key for this group on the page “Keys” of the account.',
  'expires-soon':
    'Extend the key with gpg --quick-set-expire FINGERPRINT 2y, its subkeys with gpg --quick-set-expire FINGERPRINT 2y "*", and upload it again.',
}

/** English texts: OpenPGP keys. */
export const keys = {
  title: 'Your OpenPGP keys',
  lead: 'What your groups send you is encrypted to a key that you have proven to hold. Only the public half is ever kept here.',
  add: 'Add a key',
  list: 'Your keys, newest first',
  key: 'Key',
  health: 'State',
  expires: 'Ends',
  never: 'Never',
  algorithm: 'Kind',
  addresses: 'For your addresses',
  made: 'Made',
  fingerprint: 'Fingerprint',
  proven: 'Proven',
  notProven: 'Not proven',
  good: 'Good',
  origins: { upload: 'Uploaded', wkd: 'From the Web Key Directory', import: 'Imported' },
  origin: 'Came by',
  none: 'You have no key on file.',
  noneWhy: 'Upload the public half of one, or have it looked up in the Web Key Directory of your address.',
  problem: (code: CertificateProblem) => PROBLEM_NAMES[code],
  problemSentence: (code: CertificateProblem) => PROBLEM_SENTENCES[code],
  problems: 'What is wrong, and what to do',

  addTitle: 'Add an OpenPGP key',
  addLead:
    'A key must name an address that you have verified here. It is kept without the signatures of others, without pictures and without your other addresses.',
  paste: 'Your public key',
  pasteHint: 'Everything from BEGIN PGP PUBLIC KEY BLOCK to END. Never the secret half.',
  file: 'Or a file with it',
  fileHint: 'Armored or binary, at most 256 KiB.',
  upload: 'Add this key',
  command: 'This command writes your public key, as small as can be:',
  added: 'The key is on file. Prove now that you hold it.',
  refreshed: 'The key was on file; what is new about it was taken over.',
  lookUp: 'Look it up',
  lookUpLead:
    'Asks the Web Key Directory of the address for its key. What is found is a suggestion: it takes the place of no key that a group uses.',
  lookUpAddress: (address: string) => `Look up ${address}`,
  noAddress: 'You have verified no mail address yet.',
  noAddressWhy: 'A key is taken for an address that you have proven to read.',
  toAddresses: 'Your addresses',

  keyTitle: (fingerprint: string) => `Key ${fingerprint.slice(-16)}`,
  backToKeys: 'All your keys',
  proof: 'Prove that you hold it',
  proofLead: 'In one of two ways, as you like: sign a text with the key, or read a word that was encrypted to it.',
  proofDone: 'You have proven to hold this key. Choose below which groups use it.',
  ask: 'Begin the proof',
  askAgain: 'Begin anew, with another text and word',
  asked: 'Sign the text, or decrypt the message and type in its word.',
  signText: 'First way: sign this text',
  signCommand: 'Save the text as a file, sign it with this command, and paste what comes out:',
  signature: 'The signed text, or the signature',
  signatureHint: 'From its BEGIN line to its END line.',
  sign: 'Check the signature',
  readWord: 'Second way: decrypt this message',
  word: 'The word in it',
  wordHint: 'Letters and digits in groups of four.',
  checkWord: 'Check the word',
  wasProven: 'Proven: the key is yours.',
  groups: 'Groups that may use it',
  groupList: 'Your groups, and which key each encrypts to for you',
  group: 'Group',
  groupKey: 'Its key for you',
  thisKey: 'This key',
  noKey: 'None yet',
  pin: 'Use this key',
  pinned: (group: string) => `${group} encrypts to this key from now on.`,
  pinWaits: (group: string) =>
    `${group} changes to this key in seven days. You and its administrators were told. To change at once, sign with the old key.`,
  waiting: 'Waits',
  waitsUntil: 'Takes effect',
  stop: 'Stop the change',
  stopped: 'The change was stopped.',
  signChange: (group: string) => `Change at once in ${group}`,
  signChangeLead: 'Sign this text with the old key, and the change takes effect at once.',
  changed: 'The change is done: the old key has signed for the new one.',
  retire: 'Put away',
  retireTitle: 'Put this key away',
  retireLead:
    'No group encrypts to it any more, and a group that wants a key shuts you out until you have another. Another key still has to wait where this one was used.',
  retired: 'The key was put away.',

  groupTitle: 'Keys',
  groupLead: (capable: number, members: number) => `${capable} of ${members} can decrypt what the group encrypts.`,
  careCaption: 'Keys that need care, those that cannot be used first',
  member: 'Member',
  todo: 'What they must do',
  care: (reason: KeyCare['reason']) => CARE[reason],
  nextStep: (reason: KeyCare['reason']) => NEXT_STEPS[reason],
  allGood: 'Every key is good.',
  allGoodWhy: 'Nobody has to do anything within the next 60 days.',
  keyring: 'Keyring of the group',
  keyringLead:
    'The keys that the group encrypts to, in one file for your mail program. The same keys always give the same file.',
  download: 'Download the keyring',
  importCommand: 'gpg --import FILE',
  pending: 'Changes of keys that wait',
  pendingLead:
    'Ask the member by another way whether they want this. If they do not, stop it: somebody has their account.',
  pendingCaption: 'Changes that wait, the next one first',
  from: 'From',
  to: 'To',
  asked2: 'Asked for',
  myKeys: 'Your keys',
}

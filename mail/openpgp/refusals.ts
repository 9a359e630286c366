/** Why a certificate is not taken. */
export type CertificateRefusal = keyof typeof REFUSALS

/** What happened, why, and what to do; whole sentences, safe to show. */
export const REFUSALS = {
  key_empty: 'There is no key in it: paste the whole block from BEGIN PGP PUBLIC KEY BLOCK to its END line.',
  key_not_a_key:
    'This is no OpenPGP public key: export it with gpg --armor --export ADDRESS and send the whole block, not a message, a signature or an S/MIME certificate.',
  key_damaged:
    'This key is damaged: its armor or its packets do not fit together. Export it again and send the file itself rather than a copy out of a mail.',
  key_secret:
    'This is a secret key, and it has left your machine: nothing of it was kept here, but treat it as disclosed. Revoke it, make another, and upload only what gpg --armor --export gives.',
  key_several: 'There are several keys in it: export one key by its fingerprint and upload that alone.',
  key_too_large:
    'This key is too large: export it without the signatures and pictures of others, with gpg --export-options export-minimal --armor --export FINGERPRINT.',
  key_flooded:
    'This key carries too many signatures or User IDs, as after a flood on a key server: export it with gpg --export-options export-minimal --armor --export FINGERPRINT.',
  key_version:
    'Keys of this version cannot be read here: make a new one with gpg --quick-generate-key ADDRESS and upload that.',
  key_algorithm:
    'This kind of key cannot be used here: make a key of Curve25519 or of RSA with 3072 bits or more and upload that.',
  key_not_self_signed:
    'No signature of the key over itself could be verified: it is damaged, or it names another key as its revoker, which cannot be checked here. Export it again.',
  key_revoked: 'This key is revoked: upload the one that replaced it.',
  key_expired:
    'This key has expired: extend it with gpg --quick-set-expire FINGERPRINT 2y, add a new subkey with gpg --quick-add-key FINGERPRINT default encr 2y, and upload it again.',
  key_not_yet_valid:
    'This key says that it was made in the future: set the clock of the machine that made it, or wait until it is valid.',
  key_weak_algorithm:
    'This key is too weak: RSA below 2048 bits, DSA and ElGamal are not taken. Make a key of Curve25519 or of RSA with 3072 bits or more.',
  key_weak_signature:
    'This key is bound together by SHA-1 or MD5 signatures, which can be forged: sign it anew with gpg --cert-digest-algo SHA256 --quick-set-expire FINGERPRINT 2y, its subkeys with gpg --cert-digest-algo SHA256 --quick-set-expire FINGERPRINT 2y "*", and upload it again.',
  key_no_encryption:
    'Nothing can be encrypted to this key: it has no subkey for encryption. Add one with gpg --quick-add-key FINGERPRINT default encr 2y and upload it again.',
  key_encryption_expired:
    'The subkey for encryption has expired or was revoked: add one with gpg --quick-add-key FINGERPRINT default encr 2y and upload the key again.',
  key_no_address:
    'No valid User ID of this key names an address that you have verified here: add your address to the key with gpg --quick-add-uid FINGERPRINT ADDRESS, or verify the key’s address on your page of addresses first.',
  key_ocb_only:
    'This key takes only messages in a form of GnuPG that other programs do not read: with gpg --edit-key, enter setpref AES256 AES192 AES SHA512 SHA256 ZLIB Uncompressed mdc, then save, and upload it again.',
} as const

/** Whether a text is one of the codes of refusal. */
export function isRefusal(code: string): code is CertificateRefusal {
  return Object.hasOwn(REFUSALS, code)
}

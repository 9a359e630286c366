/** Makes a passphrase that nobody has to think of; one that is there is kept, because earlier backups need it. */
export const PASSPHRASE_LINE = '[ -s passphrase ] || (umask 077; openssl rand -base64 24 > passphrase)'

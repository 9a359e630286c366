import { Type, type Static } from 'typebox'
import { isAddressOrNetwork, isHost, isPostgresUrl, isPublicUrl } from './address.ts'
import { isDirectorySuffix } from './directory-suffix.ts'
import { bytes, choice, flag, integer, list, path, text } from './setting.ts'

const MIB = 1024 ** 2
const printable = (value: string) => !/\p{Cc}/u.test(value)
const { Object: group, Optional: optional } = Type
const closed = { additionalProperties: false }

/**
 * Every setting of the server with its bounds, default and meaning. The table in `docs/operate.md` is made from it.
 * A property `pageSize` of `taxii` is `taxii.page_size` in YAML and VOUCHSAFE_TAXII_PAGE_SIZE in the environment.
 */
export const CONFIG_SCHEMA = group(
  {
    dataFolder: path({
      environment: 'VOUCHSAFE_DATA',
      preset: './data',
      meaning: 'Folder for the embedded database, the self-signed certificate and `vouchsafe.yaml`.',
    }),
    configFile: optional(
      path({
        environment: 'VOUCHSAFE_CONFIG',
        outsideFile: true,
        presetInWords: '`vouchsafe.yaml` in the data folder, if it is there',
        meaning: 'The YAML configuration file. It must exist when it is named here.',
      }),
    ),
    databaseUrl: optional(
      text(
        {
          environment: 'DATABASE_URL',
          secret: true,
          presetInWords: 'the embedded database in the data folder',
          meaning: 'PostgreSQL 15 or later, as a `postgres://` URL.',
        },
        'a URL that begins with postgres:// or postgresql://',
        2000,
        isPostgresUrl,
      ),
    ),
    databasePoolSize: integer({ preset: 6, meaning: 'Connections to PostgreSQL.' }, 2, 100),
    listenHost: text(
      { preset: '127.0.0.1', meaning: 'Address to listen on. `0.0.0.0` is every IPv4 address, `::` every address.' },
      'an IP address or a host name',
      253,
      isHost,
    ),
    listenPort: integer({ preset: 8080, meaning: 'Port to listen on; 0 takes a free one.' }, 0, 65535),
    publicUrl: optional(
      text(
        {
          presetInWords: 'made from the address that is listened on',
          meaning: 'Address at which members reach the server, for printed links.',
        },
        'an https URL without user, query or fragment (http is taken for this machine only)',
        500,
        isPublicUrl,
      ),
    ),
    trustedProxies: list(
      {
        preset: [],
        meaning:
          'Reverse proxies whose forwarded headers (`X-Forwarded-For`, `X-Forwarded-Proto`) are believed. Nobody else’s are.',
      },
      'a list of IP addresses and networks such as 10.0.0.0/8, none of them with the prefix 0',
      100, // every request is compared with each of them
      isAddressOrNetwork,
    ),
    tls: group(
      {
        certificateFile: optional(path({ meaning: 'PEM certificate of the server, followed by its chain.' })),
        keyFile: optional(path({ meaning: 'PEM private key of the certificate, without a passphrase.' })),
        selfSigned: flag({
          preset: false,
          meaning: 'Make and renew a self-signed certificate in the `tls` folder of the data folder.',
        }),
        clientCaFile: optional(
          path({ meaning: 'PEM certificates of the authorities whose client certificates are accepted.' }),
        ),
        clientCrlFile: optional(
          path({ meaning: 'PEM revocation lists, one current list for every authority in the client chain.' }),
        ),
      },
      closed,
    ),
    mail: group(
      {
        caFile: optional(
          path({
            meaning:
              'PEM certificates of authorities that the certificate of the mail relay may be from, beside those that the machine knows.',
          }),
        ),
      },
      closed,
    ),
    directory: group(
      {
        socket: optional(
          path({
            presetInWords: 'no directory is served',
            meaning:
              'Unix socket that `slapd` of OpenLDAP asks for members and groups; see `docs/directory.md`. At most 107 bytes.',
          }),
        ),
        suffix: optional(
          text(
            { meaning: 'The DN that members and groups are below, for example `dc=region,dc=example`.' },
            'a DN of dc, o and ou with plain values, such as dc=region,dc=example',
            200,
            isDirectorySuffix,
          ),
        ),
      },
      closed,
    ),
    taxii: group(
      {
        title: text(
          { preset: 'Vouchsafe', meaning: 'Title in the discovery answer.' },
          'one line of 1 to 200 characters',
          200,
          printable,
        ),
        description: optional(
          text(
            { meaning: 'Description in the discovery answer.' },
            'one line of 1 to 2000 characters',
            2000,
            printable,
          ),
        ),
        contact: optional(
          text({ meaning: 'Whom to ask, in the discovery answer.' }, 'one line of 1 to 500 characters', 500, printable),
        ),
        maxContentLength: bytes({ preset: 10 * MIB, meaning: 'Largest body of a request, as sent.' }, 1024, 100 * MIB),
        maxUnpackedLength: bytes(
          {
            presetInWords: '4 × `taxii.max_content_length`',
            meaning: 'Largest body of a request after unpacking; at least `taxii.max_content_length`.',
          },
          1024,
          1024 * MIB,
        ),
        pageSize: integer({ preset: 1000, meaning: 'Objects on a page: the default and the most.' }, 10, 1000),
        statusHours: integer(
          { preset: 72, meaning: 'Hours that the status of an add request is kept (TAXII 2.1 §4.3 asks for 24).' },
          24,
          8760,
        ),
      },
      closed,
    ),
    limits: group(
      {
        requestSeconds: integer({ preset: 15, meaning: 'A request must be complete after this time.' }, 1, 3600),
        headersSeconds: integer(
          {
            preset: 5,
            meaning: 'The headers of a request must be complete after this time; at most `limits.request_seconds`.',
          },
          1,
          3600,
        ),
        maxConnections: integer(
          { preset: 1000, meaning: 'Open connections; one more is closed at once.' },
          10,
          100_000,
        ),
        databaseStatementSeconds: integer(
          { preset: 10, meaning: 'A database statement is stopped after this.' },
          1,
          600,
        ),
      },
      closed,
    ),
    pageCacheBytes: bytes({ preset: 64 * MIB, meaning: 'Memory for finished pages; 0 turns it off.' }, 0, 4096 * MIB),
    audit: group(
      {
        readFlushSeconds: integer(
          { preset: 1, meaning: 'Reads are written to the audit in batches, at the latest after this time.' },
          1,
          60,
        ),
      },
      closed,
    ),
    logLevel: choice({ preset: 'info', meaning: 'The least that is logged.' }, [
      'trace',
      'debug',
      'info',
      'warn',
      'error',
      'fatal',
      'silent',
    ]),
    logPretty: flag({ preset: false, meaning: 'Log lines for people instead of JSON.' }),
    backup: group(
      {
        passphrase: optional(
          text(
            { secret: true, meaning: 'Passphrase that encrypts backups.' },
            'a passphrase of 15 to 1000 characters',
            1000,
            (value) => value.length >= 15,
          ),
        ),
      },
      closed,
    ),
  },
  closed,
)

type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T

/** The checked configuration, frozen. Paths are absolute, sizes are bytes. */
export type Config = Frozen<Static<typeof CONFIG_SCHEMA>>

/** Numbered series of the IANA registry, as prefix and numbers. */
const SERIES: readonly (readonly [prefix: string, numbers: string])[] = [
  ['ISO-8859-', '1 2 3 4 5 6 6-E 6-I 7 8 8-E 8-I 9 10 13 14 15 16'],
  ['windows-', '874 1250 1251 1252 1253 1254 1255 1256 1257 1258 31J'],
  ['ISO-8859-1-Windows-', '3.0-Latin-1 3.1-Latin-1'],
  ['ISO-8859-2-Windows-', 'Latin-2'],
  ['ISO-8859-9-Windows-', 'Latin-5'],
  [
    'IBM',
    '037 038 273 274 275 277 278 280 281 284 285 290 297 420 423 424 437 500 775 850 851 852 855 857 860 861 862',
  ],
  ['IBM', '863 864 865 866 868 869 870 871 880 891 903 904 905 918 00858 00924 01140 01141 01142 01143 01144 01145'],
  ['IBM', '01146 01147 01148 01149 1026 1047 -Symbols -Thai'],
  ['ISO-10646-', 'UCS-2 UCS-4 UCS-Basic Unicode-Latin1 J-1 UTF-1'],
  ['ISO-Unicode-', 'IBM-1261 IBM-1264 IBM-1265 IBM-1268 IBM-1276'],
  ['ISO-2022-', 'KR JP JP-2 CN CN-EXT'],
  ['EBCDIC-', 'AT-DE AT-DE-A CA-FR DK-NO DK-NO-A ES ES-A ES-S FI-SE FI-SE-A FR IT PT UK US'],
  ['JIS_', 'C6220-1969-jp C6226-1978 C6226-1983 C6229-1984-a C6229-1984-b C6229-1984-b-add C6229-1984-hand'],
  ['JIS_', 'C6229-1984-hand-add C6229-1984-kana X0201 X0212-1990 Encoding'],
  ['CSA_Z243.4-1985-', '1 2 gr'],
  ['UTF-', '7 7-IMAP 8 16 16BE 16LE 32 32BE 32LE'],
  ['KOI8-', 'R U'],
  ['KOI7-', 'switched'],
  ['Adobe-', 'Standard-Encoding Symbol-Encoding'],
  ['HP-', 'DeskTop Legal Math8 Pi-font'],
  ['Ventura-', 'International Math US'],
]

/** Names of the registry that belong to no series. */
const NAMES = `US-ASCII ISO_6937-2-add ISO_6937-2-25 ISO_646.basic:1983 ISO_646.irv:1983 ISO_5427 ISO_5427:1981 ISO_5428:1980
  ISO_2033-1983 ISO_10367-box ISO_8859-supp ISO_11548-1 INVARIANT BS_4730 BS_viewdata NATS-SEFI NATS-SEFI-ADD NATS-DANO
  NATS-DANO-ADD SEN_850200_B SEN_850200_C KS_C_5601-1987 KSC5636 EUC-KR EUC-JP Extended_UNIX_Code_Fixed_Width_for_Japanese
  Shift_JIS PT PT2 ES ES2 IT GB_1988-80 GB_2312-80 GB2312 GB18030 GBK HZ-GB-2312 Big5 Big5-HKSCS DIN_66003 NS_4551-1 NS_4551-2
  NF_Z_62-010 NF_Z_62-010_(1973) videotex-suppl greek7 greek7-old greek-ccitt latin-greek latin-greek-1 Latin-greek-1 ISO-IR-90
  ANSI_X3.110-1983 T.61-7bit T.61-8bit T.101-G2 ECMA-cyrillic macintosh hp-roman8 IEC_P27-1 JUS_I.B1.002 JUS_I.B1.003-mac
  JUS_I.B1.003-serb MSZ_7795.3 GOST_19768-74 STANAG_4285 INIS INIS-8 INIS-cyrillic NC_NC00-10:81 CSN_369103 DS_2089 us-dk dk-us
  DEC-MCS UNICODE-1-1 UNICODE-1-1-UTF-7 SCSU BOCU-1 CESU-8 UNKNOWN-8BIT MNEMONIC MNEM VISCII VIQR TSCII PTCP154 KZ-1048
  Microsoft-Publishing Windows-31J OSD_EBCDIC_DF03_IRV OSD_EBCDIC_DF04_15 OSD_EBCDIC_DF04_1 Amiga-1251 BRF TIS-620 CP50220
  CP51932 PC8-Danish-Norwegian PC8-Turkish IBM-Symbols`

const CHARACTER_SETS: ReadonlySet<string> = new Set([
  ...SERIES.flatMap(([prefix, numbers]) => numbers.split(' ').map((number) => (prefix + number).toLowerCase())),
  ...NAMES.split(/\s+/).map((name) => name.toLowerCase()),
])

/** True for a name or preferred MIME name of the IANA character set registry, in any case (STIX 2.1 §6.3, §6.7). */
export function isCharacterSet(text: string): boolean {
  return text.length <= 60 && CHARACTER_SETS.has(text.toLowerCase())
}

import { networkIndex } from './network-index.ts'
import { type Read, readBlock, readDomain, shown } from './network-name.ts'
import { isPlainLine } from './plain-text.ts'

/** What a member can answer for. */
export const ASSET_KINDS = ['cidr', 'domain', 'as', 'keyword', 'campaign'] as const
export type AssetKind = (typeof ASSET_KINDS)[number]

/** One thing that a member answers for, normalised by {@link readAsset}. */
export interface Asset {
  readonly kind: AssetKind
  readonly value: string
}

/** How many a member may have. */
export const MAX_ASSETS = 5000
/** Longest note beside one, in characters. */
export const MAX_ASSET_NOTE = 200

const MIN_KEYWORD = 3
const MAX_KEYWORD = 100

/** Whether a text is one of the kinds. */
export function isAssetKind(text: string): text is AssetKind {
  return ASSET_KINDS.some((kind) => kind === text)
}

/**
 * Normalises an asset: blocks with the bits of the host cleared already (host bits are refused with the block that is
 * meant), domains in A-labels, AS numbers as `AS64500`, keywords in lower case, campaigns with single spaces.
 */
export function readAsset(kind: AssetKind, written: string): Read<Asset> {
  const read = READERS[kind](written)
  return read.ok ? { ok: true, value: { kind, value: read.value } } : read
}

const READERS: Readonly<Record<AssetKind, (written: string) => Read<string>>> = {
  cidr: (written) => textOf(readBlock(written)),
  domain: (written) => textOf(readDomain(written)),
  as: readAsNumber,
  keyword: (written) => readPhrase(written, MIN_KEYWORD, (text) => text.toLowerCase()),
  campaign: (written) => readPhrase(written, 1, (text) => text),
}

/** What of one member's assets a text is about; the most specific first. */
export interface AssetMatcher {
  /** By an address, block, name, URL or e-mail address. */
  around(addressOrName: string): readonly Asset[]
  /** By the number of an autonomous system. */
  ofAs(asNumber: number): Asset | undefined
  /** Keywords and campaigns that a text names; case makes no difference. */
  namedIn(text: string): readonly Asset[]
}

/** Prepares assets for many questions. */
export function matchAssets(assets: readonly Asset[]): AssetMatcher {
  const places = assets.flatMap((value) => {
    if (value.kind !== 'cidr' && value.kind !== 'domain') return []
    const at = value.kind === 'cidr' ? readBlock(value.value) : readDomain(value.value)
    return at.ok ? [{ at: at.value, value }] : []
  })
  const byAs = new Map(assets.filter(({ kind }) => kind === 'as').map((asset) => [asset.value, asset]))
  const phrases = assets
    .filter(({ kind }) => kind === 'keyword' || kind === 'campaign')
    .map((asset) => ({ asset, phrase: asset.value.toLowerCase() }))
  const index = networkIndex(places)
  return {
    around: (addressOrName) => index.around(addressOrName),
    ofAs: (asNumber) => byAs.get(`AS${asNumber}`),
    namedIn: (text) => {
      const lower = text.normalize('NFC').toLowerCase()
      return phrases.filter(({ phrase }) => lower.includes(phrase)).map(({ asset }) => asset)
    },
  }
}

function textOf(read: Read<{ readonly text: string }>): Read<string> {
  return read.ok ? { ok: true, value: read.value.text } : read
}

/** `AS64500`, `64500`, or `1.10` (RFC 5396 asdot). */
function readAsNumber(written: string): Read<string> {
  const found = /^(?:as\s?)?(?:(\d{1,5})\.)?(\d{1,10})$/i.exec(written.trim())
  const [high, low] = [Number(found?.[1] ?? 0), Number(found?.[2] ?? 0)]
  const number = high * 65_536 + low
  const fits = found?.[1] === undefined ? low < 2 ** 32 - 1 : high < 65_536 && low < 65_536
  if (!found || !fits || number === 0 || number >= 2 ** 32 - 1) {
    return { ok: false, problem: `${shown(written)} is no AS number: write it as AS64500, from 1 to 4294967294` }
  }
  return { ok: true, value: `AS${number}` }
}

function readPhrase(written: string, least: number, finish: (text: string) => string): Read<string> {
  const text = written.normalize('NFC').trim()
  if (!isPlainLine(text)) {
    return { ok: false, problem: `${shown(written)} has characters that do not show: write it in one plain line` }
  }
  const value = finish(text.replaceAll(/\s+/g, ' '))
  const { length } = value
  if (length < least || length > MAX_KEYWORD) {
    return { ok: false, problem: `${shown(written)} has ${length} characters: write ${least} to ${MAX_KEYWORD}` }
  }
  return { ok: true, value }
}

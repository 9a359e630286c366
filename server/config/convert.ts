import { resolve } from 'node:path'
import Value from 'typebox/value'
import type { Entry } from './entry.ts'
import { parseBytes } from './setting.ts'

/** A value that fits its setting, or the reason why it does not. */
export type Converted =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string }

/** Turns what was written into the value of the setting, and checks its bounds. */
export function convert(entry: Entry): Converted {
  const { setting } = entry.slot
  const value = toValue(entry)
  if (Value.Check(setting.schema, value)) {
    return { ok: true, value: setting.kind === 'path' ? resolve(entry.folder, String(value)) : value }
  }
  const shown = setting.secret ? '' : `, not ${show(entry.value)}`
  return { ok: false, message: `must be ${setting.allowed}${shown}` }
}

function toValue({ slot, value, isText }: Entry): unknown {
  const { kind } = slot.setting
  if (typeof value !== 'string') return value
  if (kind === 'bytes') return parseBytes(value)
  if (!isText) return value
  if (kind === 'integer') return /^\d{1,15}$/.test(value) ? Number(value) : undefined
  if (kind === 'flag') return value === 'true' ? true : value === 'false' ? false : undefined
  if (kind === 'list') return value.split(',').flatMap((item) => (item.trim() === '' ? [] : [item.trim()]))
  return value
}

const MAX_SHOWN = 80 // enough to recognise a value; a pasted file would hide the other problems

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'a nested value'
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}

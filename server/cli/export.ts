import { once } from 'node:events'
import { open, unlink } from 'node:fs/promises'
import { EXPORT_FORMATS, type ExportFormat } from '../intel/export-writer.ts'
import type { Command } from './command.ts'
import { EXIT } from './exit-codes.ts'
import type { Invocation } from './invocation.ts'
import { createProgress } from './progress.ts'
import { UsageError } from './usage-error.ts'

/** Where the bytes go. */
interface Output {
  readonly write: (bytes: Uint8Array) => Promise<void>
  /** @param isComplete false: what was written is taken away again, where that is possible */
  readonly close: (isComplete: boolean) => Promise<void>
}

/** `vouchsafe export`. */
export const exportCommand: Command = {
  words: ['export'],
  summary: 'Give out what a collection shows to its readers',
  details: [
    'Each object has the exact bytes in which it was received; in NDJSON line breaks between its parts become spaces.',
    'The operator at the machine needs no right to read; the audit has every export with its counts.',
  ],
  options: {
    collection: { kind: 'text', value: 'COLLECTION', meaning: 'alias, root/alias or id' },
    output: { kind: 'text', value: 'FILE', meaning: 'a new file, for its owner only; standard output unless given' },
    format: { kind: 'text', value: 'FORMAT', meaning: 'bundle, envelope or ndjson; bundle unless given' },
    'all-versions': { kind: 'flag', meaning: 'every version; the latest of each object unless given' },
    type: { kind: 'list', value: 'TYPE', meaning: 'only objects of this type; may be given several times' },
  },
  examples: [
    'vouchsafe export --collection region --output region.json',
    'vouchsafe export --collection region --format ndjson --all-versions | gzip > region.ndjson.gz',
  ],
  json: '{"collection": uuid, "format": text, "objects": number, "bytes": number, "file": path}',
  async run(invocation) {
    const collection = invocation.text('collection')
    if (collection === undefined) throw new UsageError('export needs --collection COLLECTION')
    const file = invocation.text('output')
    if (invocation.json && file === undefined) {
      throw new UsageError('--json needs --output FILE: standard output takes the report or the objects, not both')
    }
    const args = {
      collection,
      format: formatOf(invocation.text('format')),
      all_versions: invocation.flag('all-versions'),
      types: [...invocation.list('type')],
    }
    const output = file === undefined ? standardOutput(invocation) : await newFile(file)
    const progress = createProgress(invocation.surroundings.stderr, 'exporting')
    let isComplete = false
    try {
      const done = await invocation.withAdmin((admin) =>
        admin.download('export', args, output.write, (state) => progress.update(state)),
      )
      isComplete = true
      progress.end()
      const line = `${done.objects} objects, ${done.bytes} bytes`
      if (file === undefined) invocation.note(line)
      else invocation.result({ ...done, file }, [`${file}: ${line}`])
      return EXIT.ok
    } finally {
      await output.close(isComplete)
    }
  },
}

function formatOf(text = 'bundle'): ExportFormat {
  const format = EXPORT_FORMATS.find((each) => each === text)
  if (!format) throw new UsageError(`--format must be one of ${EXPORT_FORMATS.join(', ')}`)
  return format
}

function standardOutput({ surroundings: { stdout } }: Invocation): Output {
  return {
    write: async (bytes) => {
      if (!stdout.write(bytes)) await once(stdout, 'drain')
    },
    close: async () => undefined,
  }
}

/** A file that was not there before: nothing is written over, and nobody else may read what may be confidential. */
async function newFile(name: string): Promise<Output> {
  try {
    const handle = await open(name, 'wx', 0o600)
    return {
      write: async (bytes) => {
        for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at)).bytesWritten
      },
      close: async (isComplete) => {
        await handle.close()
        if (!isComplete) await unlink(name)
      },
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST') throw new UsageError(`${name} is there already: remove it or choose another name`)
    if (code === 'ENOENT') throw new UsageError(`the folder of ${name} is not there`)
    throw error
  }
}

import type { OpenAdmin } from '../admin/open-admin.ts'
import type { ResultOf } from '../admin/operations.ts'
import type { Command } from './command.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { type InputFile, inputFile, secretFile } from './import-file.ts'
import { countLines, sumOf } from './import-lines.ts'
import type { Invocation } from './invocation.ts'
import { createProgress } from './progress.ts'
import { UsageError } from './usage-error.ts'

/** `vouchsafe import`. */
export const importCommand: Command = {
  words: ['import'],
  summary: 'Take STIX into a collection, from files or from another TAXII 2.1 server',
  details: [
    'Takes STIX 2.1 bundles, TAXII envelopes, JSON lists and NDJSON of any size, packed with gzip or not; "-" is standard',
    'input. Each object keeps its exact bytes. An object that is refused is reported with its place and keeps no other out.',
    'After an interruption the same command goes on behind the last batch that was stored; a file that was read to its end',
    'begins at the start, and everything in it is known. With --from the next run brings what was added since.',
    'The source of the objects is the account "operator", which needs no rights.',
  ],
  positionals: [{ name: 'FILE', meaning: 'files, or - for standard input', optional: true, many: true }],
  options: {
    collection: { kind: 'text', value: 'COLLECTION', meaning: 'where to: alias, root/alias or id' },
    upgrade: { kind: 'flag', meaning: 'convert STIX 2.0 to STIX 2.1' },
    from: { kind: 'text', value: 'URL', meaning: 'copy this collection of another server, or one of this API root' },
    'from-collection': { kind: 'text', value: 'NAME', meaning: 'id, alias or title, when URL is an API root' },
    user: { kind: 'text', value: 'USER', meaning: 'sign in there with HTTP Basic' },
    'password-stdin': { kind: 'flag', meaning: 'take the password from the first line of standard input' },
    'token-file': { kind: 'text', value: 'FILE', meaning: 'sign in there with the bearer token in this file' },
    'dry-run': { kind: 'flag', meaning: 'with --from: count what would come, and store nothing' },
    latest: { kind: 'flag', meaning: 'with --from: only the latest version of each object' },
    'all-versions': { kind: 'flag', meaning: 'with --from: every version (this is the default)' },
    'from-start': { kind: 'flag', meaning: 'with --from: read everything again' },
    'allow-http': { kind: 'flag', meaning: 'with --from: plain HTTP, and not to this machine only' },
  },
  examples: [
    'vouchsafe import bundle.json --collection region',
    'vouchsafe import *.json.gz --collection region --upgrade --json',
    'zcat feed.ndjson.gz | vouchsafe import - --collection region',
    'vouchsafe import --from https://taxii.example/root/collections/feed/ --collection region --token-file token --dry-run',
  ],
  json: '{"added", "known", "refused": numbers, "refused_by_rule": {}, "types": {}, "refusals": [first 100], "problem": null or {}, ...}',
  run: async (invocation) => {
    if (invocation.text('collection') === undefined) throw new UsageError('import needs --collection COLLECTION')
    const files = invocation.positionals('FILE')
    if (invocation.text('from') !== undefined) {
      if (files.length > 0) throw new UsageError('import takes files or --from URL, not both')
      if (invocation.flag('upgrade')) throw new UsageError('--upgrade is for files: a TAXII 2.1 server has STIX 2.1')
      return await copy(invocation)
    }
    for (const option of ['dry-run', 'latest', 'all-versions', 'from-start', 'allow-http', 'password-stdin']) {
      if (invocation.flag(option)) throw new UsageError(`--${option} is for --from URL`)
    }
    if (files.length === 0) throw new UsageError('import needs a FILE, - for standard input, or --from URL')
    return await importFiles(invocation, files)
  },
}

async function importFiles(invocation: Invocation, names: readonly string[]): Promise<ExitCode> {
  if (names.filter((name) => name === '-').length > 1) throw new UsageError('standard input can be read once')
  // all are looked at before the first is imported: a mistyped name costs nothing
  const files = await Promise.all(
    names.map((name) => (name === '-' ? Promise.resolve(standardInput(invocation)) : inputFile(name))),
  )
  const reports = await invocation.withAdmin(async (admin) => {
    const done: (ResultOf<'import'> & { readonly file: string })[] = []
    for (const file of files) done.push({ file: file.name, ...(await importFile(invocation, admin, file)) })
    return done
  })
  const sum = sumOf(reports)
  const refusals = reports.flatMap(({ file, refusals: own }) => own.map((refusal) => ({ file, ...refusal })))
  const failed = reports.find(({ problem }) => problem !== null)
  const json = {
    collection: reports[0]?.collection,
    ...sum,
    refusals: refusals.slice(0, 100),
    upgraded: reports.reduce((total, { upgraded }) => total + upgraded, 0),
    resumed_after: reports.reduce((total, { resumed_after }) => total + resumed_after, 0),
    problem: failed ? { file: failed.file, ...failed.problem } : null,
    files: reports.map(({ file, added, known, refused, resumed_after, problem }) => {
      return { file, added, known, refused, resumed_after, problem }
    }),
  }
  const lines = reports.flatMap(({ file, resumed_after, upgraded, problem }) => [
    ...(resumed_after > 0
      ? [`${file}: went on after ${resumed_after} objects that an earlier run had dealt with`]
      : []),
    ...(upgraded > 0 ? [`${file}: ${upgraded} objects were converted from STIX 2.0`] : []),
    ...(problem ? [`${file}: cannot be read on: ${problem.message}`] : []),
  ])
  invocation.result(json, [...countLines(sum), ...lines])
  return exitOf(sum, failed !== undefined)
}

async function importFile(invocation: Invocation, admin: OpenAdmin, file: InputFile): Promise<ResultOf<'import'>> {
  const { size, fingerprint } = file
  const args = {
    collection: invocation.text('collection') ?? '',
    upgrade: invocation.flag('upgrade'),
    size,
    fingerprint,
  }
  const progress = createProgress(invocation.surroundings.stderr, `importing ${file.name}`)
  try {
    return await admin.upload('import', args, file.read(), (state) => progress.update(quiet(invocation, state)))
  } finally {
    progress.end()
  }
}

function standardInput({ surroundings }: Invocation): InputFile {
  return { name: '-', size: undefined, fingerprint: undefined, read: () => surroundings.stdin }
}

async function copy(invocation: Invocation): Promise<ExitCode> {
  if (invocation.flag('latest') && invocation.flag('all-versions')) {
    throw new UsageError('--latest and --all-versions exclude each other')
  }
  const user = invocation.text('user')
  const tokenFile = invocation.text('token-file')
  if (user !== undefined && tokenFile !== undefined)
    throw new UsageError('sign in with --user or --token-file, not both')
  if ((user !== undefined) !== invocation.flag('password-stdin')) {
    throw new UsageError('--user and --password-stdin go together')
  }
  const password = user === undefined ? undefined : await invocation.passwordFromInput()
  const token = tokenFile === undefined ? undefined : await secretFile(tokenFile)
  const args = {
    collection: invocation.text('collection') ?? '',
    url: invocation.text('from') ?? '',
    remote_collection: invocation.text('from-collection'),
    user,
    password,
    token,
    latest_only: invocation.flag('latest'),
    from_start: invocation.flag('from-start'),
    dry_run: invocation.flag('dry-run'),
    allow_http: invocation.flag('allow-http'),
  }
  const progress = createProgress(invocation.surroundings.stderr, args.dry_run ? 'counting' : 'copying')
  const onProgress = (state: Parameters<typeof progress.update>[0]) => progress.update(quiet(invocation, state))
  const report = await invocation
    .withAdmin((admin) => admin.upload('copy', args, nothing(), onProgress))
    .finally(() => progress.end())
  const { dry_run, continued, restarted, problem } = report
  invocation.result(report, [
    ...countLines(report),
    ...(dry_run ? ['This was a rehearsal: nothing was stored.'] : []),
    ...(continued ? ['Only what is new since the last copy was asked for; --from-start reads everything again.'] : []),
    ...(restarted ? ['The other server had forgotten the place: some objects came twice.'] : []),
    ...(problem ? [`not read to its end: ${problem.message}. The same command goes on there.`] : []),
  ])
  return exitOf(report, problem !== null)
}

/** Refusals are in the JSON already. */
function quiet<State extends { readonly note?: string | undefined }>({ json }: Invocation, state: State): State {
  return json ? { ...state, note: undefined } : state
}

/** Refused objects are no failure of the command as long as something of the whole was taken. */
function exitOf(
  { added, known, refused }: { readonly added: number; readonly known: number; readonly refused: number },
  isBroken: boolean,
): ExitCode {
  return isBroken || (refused > 0 && added + known === 0) ? EXIT.failed : EXIT.ok
}

async function* nothing(): AsyncGenerator<Uint8Array, void> {}

import type { ProgressState } from './operation.ts'
import type { ArgsOf, OperationName, ResultOf } from './operations.ts'

/** Told how far an operation has come. */
export type OnProgress = (state: ProgressState) => void

/** The operator's access to a site: to a running server over its socket, or to the database itself. */
export interface Admin {
  /** `socket` when a running server does the work. */
  readonly via: 'socket' | 'database'
  call<Name extends OperationName>(name: Name, args: ArgsOf<Name>): Promise<ResultOf<Name>>
  /** Sends bytes along, for example a file to import. The operation decides how fast they are read. */
  upload<Name extends OperationName>(
    name: Name,
    args: ArgsOf<Name>,
    body: AsyncIterable<Uint8Array>,
    onProgress?: OnProgress,
  ): Promise<ResultOf<Name>>
  /** Hands each piece of what the operation makes to `write`, and waits for it before it takes the next. */
  download<Name extends OperationName>(
    name: Name,
    args: ArgsOf<Name>,
    write: (bytes: Uint8Array) => Promise<void>,
    onProgress?: OnProgress,
  ): Promise<ResultOf<Name>>
}

/** One way to have an operation done; the three calls of {@link Admin} differ only in what they pass. */
export type Perform = (request: {
  readonly name: string
  readonly args: unknown
  readonly body: AsyncIterable<Uint8Array> | undefined
  readonly write: (bytes: Uint8Array) => Promise<void>
  readonly onProgress: OnProgress
}) => Promise<unknown>

/** Builds the three calls from the one. */
export function adminFrom(via: Admin['via'], perform: Perform): Admin {
  const ask = async <Name extends OperationName>(
    name: Name,
    args: ArgsOf<Name>,
    { body, write, onProgress }: Partial<Omit<Parameters<Perform>[0], 'name' | 'args'>>,
  ) => {
    const wanted = { name, args, body, write: write ?? refuseBytes, onProgress: onProgress ?? ignore }
    // the other side runs the operation of this name: its result has this operation's shape
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the operation of this name answers in this shape
    return (await perform(wanted)) as ResultOf<Name>
  }
  return {
    via,
    call: (name, args) => ask(name, args, {}),
    upload: (name, args, body, onProgress = ignore) => ask(name, args, { body, onProgress }),
    download: (name, args, write, onProgress = ignore) => ask(name, args, { write, onProgress }),
  }
}

function ignore(): void {}

async function refuseBytes(): Promise<void> {
  throw new Error('the operation sends bytes: use download()')
}

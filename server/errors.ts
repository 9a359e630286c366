/** A refusal that the other side may know about. Everything else is a bug and leaves as a bare 500. */
export abstract class TrustGroupError extends Error {
  abstract override readonly name: string
  readonly status: number
  readonly code: string
  /** Extra HTTP headers of the answer, for example `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>
  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

/** The request cannot be understood: the message names the field and the fix. */
export class BadRequestError extends TrustGroupError {
  override readonly name = 'BadRequestError'
  constructor(code: string, message: string) {
    super(400, code, message)
  }
}

/** No credentials, or none that we know. */
export class UnauthenticatedError extends TrustGroupError {
  override readonly name = 'UnauthenticatedError'
  constructor() {
    super(401, 'unauthenticated', 'sign in with HTTP Basic, a bearer token or a client certificate', {
      'WWW-Authenticate': 'Basic realm="Vouchsafe", charset="UTF-8", Bearer realm="Vouchsafe"',
    })
  }
}

/** The caller may know that it exists, but not do this with it. */
export class ForbiddenError extends TrustGroupError {
  override readonly name = 'ForbiddenError'
  constructor(message: string) {
    super(403, 'forbidden', message)
  }
}

/** The caller's roles do not permit it. */
export class RoleError extends TrustGroupError {
  override readonly name = 'RoleError'
  /** What it was about, as the end of the sentence "may not …". */
  readonly act: string
  constructor(act: string) {
    super(403, 'forbidden', `your roles do not let you ${act}`)
    this.act = act
  }
}

/** A trust group lets nobody in without a second factor. */
export class SecondFactorError extends TrustGroupError {
  override readonly name = 'SecondFactorError'
  constructor() {
    super(403, 'second_factor', 'this group lets people in only after a second factor')
  }
}

/** Also for what the caller may not know to exist: both answers have the same bytes. */
export class NotFoundError extends TrustGroupError {
  override readonly name = 'NotFoundError'
  /** @param hint what to do next, for those who may know what there is: the operator */
  constructor(what: string, hint?: string) {
    super(404, 'not_found', `${what} was not found${hint === undefined ? '' : `: ${hint}`}`)
  }
}

/** The method is not offered here; `allow` lists those that are. */
export class MethodNotAllowedError extends TrustGroupError {
  override readonly name = 'MethodNotAllowedError'
  constructor(allow: string) {
    super(405, 'method_not_allowed', `this address offers ${allow}`, { Allow: allow })
  }
}

/** The caller asks for a media type that we do not speak. */
export class NotAcceptableError extends TrustGroupError {
  override readonly name = 'NotAcceptableError'
  constructor() {
    super(406, 'not_acceptable', 'send Accept: application/taxii+json;version=2.1')
  }
}

/** Two things that cannot both be true, for example a name that is taken. */
export class ConflictError extends TrustGroupError {
  override readonly name = 'ConflictError'
  constructor(code: string, message: string) {
    super(409, code, message)
  }
}

/** The body is larger than the limit, as sent or unpacked. */
export class TooLargeError extends TrustGroupError {
  override readonly name = 'TooLargeError'
  constructor(message: string) {
    super(413, 'too_large', message)
  }
}

/** The body has a media type that we do not read. */
export class UnsupportedMediaTypeError extends TrustGroupError {
  override readonly name = 'UnsupportedMediaTypeError'
  constructor(message: string) {
    super(415, 'unsupported_media_type', message)
  }
}

/** The body is well-formed, but not what this address takes. */
export class UnprocessableError extends TrustGroupError {
  override readonly name = 'UnprocessableError'
  constructor(code: string, message: string) {
    super(422, code, message)
  }
}

/** Too many attempts; `retrySeconds` says when to come back. */
export class TooManyRequestsError extends TrustGroupError {
  override readonly name = 'TooManyRequestsError'
  constructor(retrySeconds: number) {
    super(429, 'too_many_requests', `too many attempts: try again in ${retrySeconds} seconds`, {
      'Retry-After': String(retrySeconds),
    })
  }
}

/** The database is away or a collection is closed: nothing was changed, the same request may be sent again. */
export class UnavailableError extends TrustGroupError {
  override readonly name = 'UnavailableError'
  constructor(message = 'the service is not ready: send the same request again') {
    super(503, 'unavailable', message, { 'Retry-After': '5' })
  }
}

/** There is no room left to store the request; nothing of it was kept. */
export class InsufficientStorageError extends TrustGroupError {
  override readonly name = 'InsufficientStorageError'
  constructor() {
    super(507, 'insufficient_storage', 'the disk of the server is full: nothing of this request was stored', {
      'Retry-After': '60',
    })
  }
}

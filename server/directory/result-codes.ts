/** The result codes of RFC 4511 §4.1.9 that the directory answers with. */
export const RESULT = {
  success: 0,
  protocolError: 2,
  timeLimitExceeded: 3,
  sizeLimitExceeded: 4,
  compareFalse: 5,
  compareTrue: 6,
  authMethodNotSupported: 7,
  adminLimitExceeded: 11,
  confidentialityRequired: 13,
  noSuchAttribute: 16,
  noSuchObject: 32,
  invalidCredentials: 49,
  insufficientAccessRights: 50,
  busy: 51,
  unavailable: 52,
  unwillingToPerform: 53,
  other: 80,
} as const

/** The end of every answer. */
export interface Result {
  readonly code: (typeof RESULT)[keyof typeof RESULT]
  /** One line for whoever reads the message of an LDAP client. */
  readonly info: string
}

/** The one answer to everybody who may not read: whoever they are, whatever they asked for, whether it is there or not. */
export const NOT_LET_IN: Result = { code: RESULT.insufficientAccessRights, info: 'bind as a member of a trust group' }

/** The one answer to every name and password that is not let in. */
export const NOT_PROVEN: Result = { code: RESULT.invalidCredentials, info: '' }

/** Who did it, in the audit: the operator at the machine, with the rights of the server's own user. */
export const OPERATOR = 'command line'

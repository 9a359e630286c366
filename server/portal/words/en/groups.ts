/** English texts: groups. */
export const groups = {}

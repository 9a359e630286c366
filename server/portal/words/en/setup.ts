/** English texts: setup. */
export const setup = {}

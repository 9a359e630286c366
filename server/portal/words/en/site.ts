/** English texts: site. */
export const site = {}

/** English texts: the participant map of the region. */
export const participants = {}

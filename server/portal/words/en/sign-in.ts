/** English texts: sign-in. */
export const signIn = {}

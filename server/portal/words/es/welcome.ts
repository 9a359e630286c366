import type { welcome as english } from '../en/welcome.ts'

/** Textos en español: la primera entrada a una cuenta que crearon otros. */
export const welcome: typeof english = {
  title: 'Le damos la bienvenida',
  lead: (name, where) => `${name}, se creó una cuenta para usted en ${where}. Elija una contraseña.`,
  name: (account) => `Iniciará sesión con el nombre ${account}.`,
  submit: 'Poner la contraseña y entrar',
  otherAccount: (account) =>
    `Ha iniciado sesión como ${account}. Este enlace es de otra cuenta: cierre primero la sesión y ábralo de nuevo.`,
  dead: 'Si ya puso una contraseña, inicie sesión con ella. Si no, pida un enlace nuevo a quien se ocupa de su grupo.',
}

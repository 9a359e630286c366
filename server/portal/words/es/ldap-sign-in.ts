import type { ldapSignIn as en } from '../en/ldap-sign-in.ts'

/** Spanish texts: signing in at a directory. */
export const ldapSignIn: typeof en = {
  title: (provider) => `Iniciar sesión con ${provider}`,
  lead: (provider) =>
    `Use su nombre y su contraseña de ${provider}. La contraseña solo se muestra a ese directorio; aquí no se guarda nada de ella.`,
  name: 'Nombre',
  password: 'Contraseña',
  submit: 'Iniciar sesión',
  otherWays: 'Otras formas de iniciar sesión',
  wantsName: 'Escriba su nombre.',
  wantsPassword: 'Escriba su contraseña.',
  wrong: 'Con este nombre y esta contraseña no entra nadie. Compruebe ambos e inténtelo de nuevo.',
  unavailable: (provider) =>
    `El directorio ${provider} no responde. Su contraseña no fue rechazada: inténtelo dentro de un minuto o inicie sesión de otra forma.`,
  expired: (provider) =>
    `${provider} indica que su contraseña o su cuenta ha caducado. Resuélvalo allí y vuelva después.`,
  locked: (provider) => `${provider} indica que su cuenta está bloqueada allí. Pida que la desbloqueen.`,
  mustChange: (provider) => `${provider} pide que antes cambie su contraseña. Hágalo allí y vuelva después.`,
  disabled: (provider) => `${provider} indica que su cuenta está desactivada allí.`,
  noAccount: (provider) =>
    `${provider} le conoce, pero aquí no tiene una cuenta. Pida una invitación a su grupo de confianza. Si ya tiene una cuenta, inicie sesión en ella y vincule ${provider}.`,
}

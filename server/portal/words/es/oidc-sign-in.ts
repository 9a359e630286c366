import type { oidcSignIn as en } from '../en/oidc-sign-in.ts'

/** Spanish texts: signing in at an OpenID provider. */
export const oidcSignIn: typeof en = {
  failed: (provider) => `No ha iniciado sesión con ${provider}`,
  linkFailed: (provider) => `${provider} no está vinculado`,
  again: (provider) => `Intentar otra vez con ${provider}`,
  otherWays: 'Iniciar sesión de otra manera',
  back: 'Volver',
  accountMade: (provider) =>
    `Ninguna cuenta de aquí estaba vinculada con ${provider}, así que se ha creado una nueva. Si ya tiene otra, inicie sesión con ella y vincule ${provider} allí.`,
  linked: (provider) => `${provider} está vinculado: desde ahora abre su cuenta.`,
  signedOut: 'Ha cerrado la sesión aquí',
  stillThere: (provider) =>
    `Es posible que su sesión en ${provider} siga abierta: quien use este navegador después podría volver aquí sin contraseña. En un equipo compartido, cierre también esa sesión.`,
  signOutThere: (provider) => `Cerrar la sesión en ${provider}`,
  signInAgain: 'Iniciar sesión otra vez',
  mishaps: {
    lost: (provider) =>
      `Este navegador no tiene ningún inicio de sesión con ${provider} en curso: se empezó en otro navegador o pestaña, tardó más de 15 minutos o ya terminó. Empiece otra vez.`,
    denied: (provider) =>
      `${provider} indica que el inicio de sesión se detuvo allí, por usted o por sus reglas. Inténtelo otra vez o pregunte a quienes administran ${provider}.`,
    unreachable: (provider) =>
      `${provider} no responde en este momento. No se ha cambiado nada. Inténtelo otra vez en un minuto o inicie sesión de otra manera.`,
    clock: (provider) =>
      `Los relojes de ${provider} y de este servidor no coinciden, por lo que su respuesta cuenta como antigua. Inténtelo otra vez; si sigue igual, avise a un administrador de este sitio.`,
    setup: (provider) =>
      `${provider} y este sitio no encajan: algo de la conexión está mal configurado. Avise a un administrador de este sitio; mientras tanto, inicie sesión de otra manera.`,
    untrusted: (provider) =>
      `Lo que llegó no es lo que ${provider} enviaría a este inicio de sesión, así que no se aceptó. Empiece otra vez desde esta página, no desde un enlace que alguien le haya enviado.`,
    nobody: (provider) =>
      `${provider} le conoce, pero ninguna cuenta de aquí puede usarlo para iniciar sesión. Si tiene una cuenta, inicie sesión de otra manera y vincule ${provider} en «Su cuenta». Si no tiene ninguna, o fue suspendida, pregunte a quien le invitó.`,
    taken: (provider) =>
      `Su identidad en ${provider} ya está vinculada. Una identidad abre una sola cuenta: desvincúlela allí primero o use otra.`,
    'someone-else': (provider) =>
      `Ha iniciado sesión en ${provider} con una identidad que no está vinculada con esta cuenta. Inténtelo otra vez con la correcta.`,
    weak: (provider) =>
      `${provider} solo le pidió un factor y su cuenta tiene dos. Demuestre con su propio segundo factor que es usted.`,
  },
}

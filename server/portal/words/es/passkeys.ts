import type { passkeys as enPasskeys } from '../en/passkeys.ts'

/** Spanish texts: passkeys. */
export const passkeys: typeof enPasskeys = {
  signIn: 'Iniciar sesión con una llave de acceso',
  use: 'Usar una llave de acceso',
  title: 'Iniciar sesión con una llave de acceso',
  lead: 'El navegador pide la llave de acceso de este sitio: con huella, rostro, PIN o llave de seguridad. No hacen falta nombre ni contraseña.',
  withPassword: 'Iniciar sesión con nombre y contraseña',
  unable:
    'Este navegador no puede usar llaves de acceso aquí, o JavaScript está desactivado. Use otra forma de entrar.',
  notDone:
    'El navegador no terminó: se canceló, tardó demasiado o no tiene una llave de acceso para este sitio. Inténtelo de nuevo.',
  refused:
    'No ha funcionado: la llave de acceso no se conoce aquí, la página estuvo abierta demasiado tiempo o la cuenta no puede entrar. Inténtelo de nuevo.',
  elsewhere: 'Las llaves de acceso no funcionan con una dirección IP. Abra este sitio por su nombre:',
  nowhere:
    'Las llaves de acceso necesitan un sitio con nombre y HTTPS. Un administrador debe poner en public_url la dirección que abren los miembros.',

  addTitle: 'Añadir una llave de acceso',
  addLead: 'Póngale un nombre por el que la reconozca y siga las indicaciones del navegador.',
  demanded: 'Este sitio solo deja entrar con un segundo factor, y su cuenta aún no tiene ninguno.',
  endsOthers: 'Sus otras sesiones terminan cuando se añade.',
  name: 'Nombre de la llave de acceso',
  nameHint: 'Por ejemplo: este portátil, llave de seguridad azul.',
  nameWrong: (most: number) => `Póngale un nombre de 1 a ${most} caracteres.`,
  create: 'Crear la llave de acceso',
  unableToCreate:
    'Este navegador no puede crear llaves de acceso aquí, o JavaScript está desactivado. Use códigos de seis cifras.',
  codesInstead: 'Usar códigos de seis cifras',
  passkeyInstead: 'Añadir una llave de acceso',
  notMade:
    'El navegador no terminó: se canceló, tardó demasiado o ya tiene una llave de acceso de esta cuenta. Inténtelo de nuevo.',
  notAdded:
    'La llave de acceso no se añadió: la página estuvo abierta demasiado tiempo o la respuesta no era para este sitio. Inténtelo de nuevo.',
  known: (most: number) => `Esta llave de acceso ya se conoce, o ya tiene ${most}, que es el máximo.`,
}

import type { signIn as english } from '../en/sign-in.ts'

/** Spanish texts: sign-in. */
export const signIn: typeof english = {
  title: 'Iniciar sesión',
  titleOf: (site) => `Iniciar sesión en ${site}`,
  name: 'Nombre',
  password: 'Contraseña',
  submit: 'Iniciar sesión',
  otherWays: 'Otras formas de iniciar sesión',
  signInWith: (provider) => `Iniciar sesión con ${provider}`,
  cannotSignIn: 'No puedo iniciar sesión',
  wrong: 'Con este nombre y esta contraseña no entra nadie. Compruebe ambos e inténtelo de nuevo.',
  tooMany:
    'Hubo demasiados intentos fallidos, suyos o de otra persona. Espere un cuarto de hora o inicie sesión de otra forma.',
  tooManyCodes:
    'Cinco códigos no eran correctos, por eso este inicio de sesión ha terminado. No se cambió nada: empiece de nuevo con su contraseña.',
  sessionEnded:
    'Su sesión ha terminado: pasó demasiado tiempo, o se cambió su cuenta o una de sus credenciales. Inicie sesión para continuar.',
  startAgain: 'Este inicio de sesión duró más de diez minutos, o su cuenta cambió entretanto. Empiece de nuevo.',
  secondTitle: 'Segundo paso',
  secondLead: (name) => `El primer paso fue correcto, ${name}. Falta algo que solo usted tiene:`,
  code: 'Código de su generador',
  codeHint: 'Seis cifras. Cada código vale una sola vez.',
  remember: 'Omitir el segundo paso en este dispositivo durante 30 días',
  rememberHint: 'No en un equipo que usan otras personas. Puede anularlo en su cuenta.',
  useRecovery: 'Usar un código de recuperación',
  recovery: 'Código de recuperación',
  recoveryHint: 'Uno de los que imprimió o anotó: 16 letras y cifras. Cada uno vale una sola vez.',
  submitRecovery: 'Iniciar sesión con el código de recuperación',
  recoveryLeft: (left) =>
    left === 1
      ? 'Inició sesión con un código de recuperación. Queda uno: genere otros en su cuenta.'
      : `Inició sesión con un código de recuperación. Quedan ${left}.`,
  wrongCode:
    'Este código no es correcto o ya se usó. Espere al siguiente y compruebe que el reloj de su dispositivo está en hora.',
  wrongRecovery: 'No es ninguno de sus códigos de recuperación, o ya se usó.',
  cancel: 'Cancelar este inicio de sesión',
  enrolTitle: 'Añadir un segundo factor',
  enrolLead:
    'Este sitio solo admite a personas con un segundo factor, y su cuenta todavía no tiene ninguno. Añada aquí un generador de códigos, una aplicación en su teléfono o un llavero; o una llave de acceso.',
}

import type { invitations as english } from '../en/invitations.ts'

/** Textos en español: una invitación, y la forma de volver para quien no puede entrar. */
export const invitations: typeof english = {
  title: 'Tiene una invitación',
  toGroup: (madeBy, title) => `${madeBy} le invita al grupo de confianza ${title}.`,
  toSite: (madeBy) => `${madeBy} le invita a este sitio.`,
  make: 'Cree su cuenta',
  name: 'Nombre de la cuenta',
  nameHint: 'Con él inicia sesión. Letras, cifras, puntos, @, _ y -; no cambia nunca.',
  displayName: 'Su nombre',
  displayNameHint: 'Como lo ven los demás miembros.',
  password: 'Contraseña',
  passwordHint:
    'De 15 a 128 caracteres; lo mejor son varias palabras. Podrá añadir una llave de acceso en cuanto haya entrado.',
  again: 'La contraseña otra vez',
  submit: 'Crear la cuenta',
  haveAccount: '¿Ya tiene una cuenta aquí?',
  signInFirst: 'Inicie sesión y únase con ella',
  joinAs: (name) => `Ha iniciado sesión como ${name}.`,
  join: 'Unirse al grupo',
  notYou: 'Para crear otra cuenta, cierre primero la sesión y abra de nuevo el enlace.',
  nothingToJoin: 'Ya tiene una cuenta aquí, y esta invitación no es a ningún grupo.',
  joined: (title) => `Ya es miembro de ${title}.`,
  member: 'Ya es miembro de este grupo, o su pertenencia está en pausa: pregunte a uno de sus administradores.',
  deadTitle: 'Este enlace no abre nada',
  dead: 'Ya se usó, se retiró o se sustituyó, o pasó su tiempo, o no se copió entero. Todos estos casos se ven igual.',
  deadInvitation: 'Pida uno nuevo a quien le invitó.',
  deadRecovery: 'Pida una nueva forma de volver, o avise a un administrador.',
  badName: 'Un nombre tiene de 1 a 64 letras, cifras, puntos, @, _ o -, y empieza y termina con letra o cifra.',
  nameTaken: 'Este nombre ya está en uso: elija otro.',
  badDisplayName: 'Un nombre tiene 100 caracteres como máximo.',
  notTheSame: 'Las dos no son iguales.',
  passwordFaults: {
    length: 'Una contraseña tiene de 15 a 128 caracteres.',
    published: 'Esta contraseña está en una lista publicada de contraseñas robadas: elija otra.',
    names: 'Esta contraseña solo repite nombres que aquí todos conocen: elija otra.',
  },

  cannotTitle: 'No puedo entrar',
  cannotLead:
    'Díganos el nombre de su cuenta o su dirección de correo. Un administrador se pondrá en contacto con usted por una vía que conoce de antes, y puede abrirle una forma de volver.',
  cannotTry:
    'Pruebe primero: un código de recuperación en lugar de su segundo factor, u otro dispositivo con una llave de acceso.',
  cannotName: 'Nombre de la cuenta o dirección de correo',
  cannotEmpty: 'Escriba el nombre de su cuenta o su dirección de correo.',
  cannotSubmit: 'Pedir una forma de volver',
  askedTitle: 'Se recibió su petición',
  asked:
    'Si existe esa cuenta, se avisó a los administradores. Decimos lo mismo si no existe, para que nadie pueda averiguarlo preguntando.',
  contact: (contact) => `También puede preguntar a: ${contact}`,
  toSignIn: 'Ir al inicio de sesión',

  backTitle: 'Ponga una contraseña nueva',
  backLead: (name) => `Para la cuenta ${name}. Terminan todas sus sesiones.`,
  backFactorsStay: 'Sus segundos factores se conservan: necesitará uno al iniciar sesión.',
  backFactorsGo:
    'Se quitan sus llaves de acceso, generadores de códigos, códigos de recuperación y dispositivos recordados. Añada uno nuevo enseguida.',
  backSubmit: 'Poner la contraseña',
  waitTitle: 'Todavía no',
  wait: 'Este enlace sirve después de un plazo en el que el titular de la cuenta puede detenerlo. Guárdelo y ábralo de nuevo después de:',
  missing: (count) =>
    count === 1
      ? 'Falta la aprobación de una persona que responde por usted.'
      : `Falta la aprobación de ${count} personas que responden por usted.`,
  doneTitle: 'Su contraseña está puesta',
  done: 'Inicie sesión con ella. El enlace ya no sirve.',
  doneLeft:
    'Los tokens de API y las cuentas externas vinculadas siguen como estaban. Si otra persona pudo usar su cuenta, revise ambos después de iniciar sesión y revoque lo que no conozca.',

  vetoTitle: 'Detener esta recuperación',
  vetoLead:
    'Alguien quiere volver a entrar en su cuenta. Si no lo pidió usted, deténgalo: el enlace que se hizo dejará de servir.',
  vetoSubmit: 'Detener la recuperación',
  stoppedTitle: 'La recuperación está detenida',
  stopped:
    'Nadie puede usar ya su enlace. Cambie su contraseña si cree que alguien la conoce, y avise a un administrador.',
}

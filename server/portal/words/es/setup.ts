import type { setup as english } from '../en/setup.ts'

/** Spanish texts of the first run. */
export const setup: typeof english = {
  title: 'Puesta en marcha',
  progress: 'Pasos de la puesta en marcha',
  stepOf: (step, of) => `Paso ${step} de ${of}`,
  done: 'hecho',
  back: 'Atrás',
  next: 'Continuar',
  saveAndNext: 'Guardar y continuar',
  steps: {
    administrator: 'Primer administrador',
    'second-factor': 'Un segundo factor',
    site: 'El sitio',
    mail: 'Correo',
    machine: 'La máquina',
    done: 'Qué viene ahora',
  },

  missingTitle: 'Este enlace no funciona',
  missing:
    'Un enlace de puesta en marcha funciona una sola vez y durante una hora. Este es incorrecto, ya se usó o es demasiado antiguo.',
  missingRemedy: 'Para obtener uno nuevo, ejecute esto en la máquina:',
  missingElse: '¿Ya hay un administrador? Entonces no queda nada por preparar aquí:',

  administratorIntro:
    'Esta cuenta cuida del sitio. No hay contraseña predeterminada: nadie puede entrar hasta que usted elija una.',
  linkOnce: 'El enlace que le trajo aquí funciona una sola vez. Cuando se acepte este formulario, quedará gastado.',
  name: 'Nombre de la cuenta',
  nameHint: 'Con él inicia sesión. De 1 a 64 letras, cifras, puntos, @, _ o -, por ejemplo maria.ortiz',
  displayName: 'Su nombre, como lo ven los demás',
  displayNameHint: 'Puede omitirse. Entonces aparece el nombre de arriba.',
  email: 'Dirección de correo',
  emailHint: 'Puede omitirse. Allí llegan los avisos: que algo pasó, nunca qué.',
  password: 'Contraseña',
  passwordHint:
    '15 caracteres o más; lo mejor son varias palabras. Sin otras reglas, salvo que no haya sido robada antes.',
  again: 'Contraseña otra vez',
  make: 'Crear el administrador',
  wrongName: 'Un nombre tiene de 1 a 64 letras, cifras, puntos, @, _ o -, y termina con una letra o una cifra.',
  nameTaken: 'Ya hay una cuenta con este nombre: elija otro.',
  wrongDisplayName: 'Su nombre tiene como máximo 100 caracteres.',
  wrongEmail: 'Escriba la dirección como nombre@example.org, u omítala.',
  notSame: 'Las dos contraseñas no son iguales.',
  passwordFaults: {
    length: 'Una contraseña tiene de 15 a 128 caracteres, los que quiera; lo mejor son varias palabras.',
    published:
      'Esta contraseña está en una lista publicada de contraseñas robadas. Será de las primeras que se prueben: elija otra.',
    names: 'Esta contraseña solo repite nombres que aquí todos conocen: elija otra.',
  },
  made: (name) => `Se creó el administrador ${name}, y usted ha iniciado sesión.`,

  secondFactorIntro:
    'Una contraseña se puede adivinar, espiar o sacar con engaños. Con un segundo factor eso no basta: el ladrón necesita también su dispositivo.',
  secondFactorWhy:
    'Un administrador puede dejar entrar a las personas y dejarlas fuera. Eso merece dos cerraduras. Lo mejor es una llave de acceso: no se puede entregar por error a un sitio falso.',
  secondFactorHas: 'Su cuenta tiene un segundo factor. Desde ahora, una contraseña sola no abre nada.',
  secondFactorAdd: 'Añadir una llave de acceso o un generador de códigos',
  secondFactorReturn: 'Se abre su página de seguridad, que le trae de vuelta a este lugar.',
  secondFactorLater: 'Ahora no',
  secondFactorLaterHint:
    'Puede añadir uno en cualquier momento en su cuenta. Hasta entonces su contraseña es la única cerradura.',

  siteIntro: 'Lo que los miembros ven en cada página y en cada aviso. Todo se puede cambiar más tarde.',

  mailIntro:
    'Las invitaciones y las advertencias salen por correo. Un correo solo dice que algo pasó y dónde leerlo: nunca el contenido.',

  machineIntro: 'Sobre qué funciona el sitio, y qué debería mejorar antes de que otros dependan de él.',
  database: 'Base de datos',
  embedded: 'La base de datos integrada',
  embeddedLimits:
    'No hay que instalar nada, y sobrevive a la caída del servidor. No sobrevive a un corte de luz: pueden faltar los últimos segundos. Eso basta para una prueba, no para un sitio del que otros dependen.',
  moveTitle: 'Cómo pasar a PostgreSQL',
  moveIntro:
    'Todo pasa: cuentas, contraseñas, tokens, objetos y quién leyó qué. Detenga el servidor y después, en la carpeta de Vouchsafe y con una dirección propia en lugar de la del ejemplo:',
  moveAfter:
    'Después arranque el servidor con la misma DATABASE_URL. La última línea le permite enviar de nuevo; hasta entonces un sitio restaurado calla, para que no hablen dos copias.',
  postgres: 'PostgreSQL',
  postgresFine:
    'Lo que se confirma está en el disco, según la configuración de PostgreSQL. Así se trabaja en producción.',
  doctor: 'Lo que encontró el examen',
  doctorAgain: 'Lo mismo en la máquina, en cualquier momento:',
  doctorRemedies: 'Qué conviene reparar, y cómo',
  doctorGood: (count) => (count === 1 ? '1 comprobación es buena' : `${count} comprobaciones son buenas`),
  doctorFine: 'Nada que reparar: todas las comprobaciones son buenas.',
  check: 'Comprobación',
  outcome: 'Resultado',
  finding: 'Qué se encontró, y el remedio',
  outcomes: { ok: 'bien', warn: 'debería mejorar', fail: 'hay que repararlo' },
  checks: {
    node: 'Versión de Node.js',
    'data folder': 'Carpeta de datos',
    disk: 'Espacio en el disco',
    exposure: 'Contraseñas sin cifrar',
    certificate: 'Certificado',
    database: 'Base de datos',
    durability: 'Qué se lleva un corte de luz',
    schema: 'Tablas de la base de datos',
    site: 'El sitio',
    clock: 'Reloj',
    administrator: 'Administradores',
    backup: 'Copia de seguridad',
    outgoing: 'Tráfico de salida',
    segments: 'Vistas',
    statistics: 'Estadísticas de la base de datos',
    audit: 'Cadena de auditoría',
    jobs: 'Trabajo en segundo plano',
    mail: 'Correo',
    outbox: 'Avisos',
    questions: 'Respuestas de la base de datos',
  },
  checkOfProvider: (provider) => `Proveedor de acceso ${provider}`,

  doneIntro: (site) => `${site} está en marcha. Esto viene ahora, en este orden.`,
  nextGroup: 'Crear el primer grupo de confianza',
  nextGroupWhy: 'Se comparte dentro de un grupo. Quien no está en él no se entera de que existe.',
  nextPeople: 'Invitar a personas',
  nextPeopleWhy: 'Cada una recibe un enlace propio y elige una contraseña o una llave de acceso.',
  nextProviders: 'Dejar que un directorio o un proveedor identifique a las personas',
  nextProvidersWhy: 'LDAP y OpenID Connect. Demuestran quién es alguien; quién es miembro se decide aquí.',
  nextBackup: 'Hacer copias de seguridad',
  nextBackupWhy:
    'Elija una frase de contraseña, guarde una copia lejos de la máquina y deje el resto a un temporizador. Las dos primeras líneas una vez, la última en la tabla de tareas (crontab -e), en la carpeta de Vouchsafe:',
  nextAddress: 'Darle una dirección con TLS',
  nextAddressWhy:
    'Los demás llegan al sitio solo por https. Con un certificado hecho por el propio servidor, en el que cada visitante debe confiar por su huella, es una línea; para uno en el que confían los navegadores vea docs/operate.md.',
  finish: 'Terminar la puesta en marcha',

  offerTitle: 'La puesta en marcha no ha terminado',
  offer: (step) => `Siguiente paso: ${step}.`,
  offerGo: 'Seguir',
  offerEnd: 'Dejarlo así',
  ended: 'La puesta en marcha ha terminado. Todo lo suyo está en los ajustes y en su cuenta.',
}

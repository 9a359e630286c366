import type { NoticeKind } from './notice.ts'

interface Sentence {
  readonly subject: string
  readonly sentence: string
}

/** The languages that notices are written in. A reader of any other language gets English. */
export const LANGUAGES = ['en', 'es'] as const

/** Every sentence that a notice can say: no name, no group, no number of anything. */
export const SENTENCES: Readonly<Record<(typeof LANGUAGES)[number], Readonly<Record<NoticeKind, Sentence>>>> = {
  en: {
    invitation: {
      subject: 'You are invited to a trust group',
      sentence: 'You have been invited. This link opens the invitation; it works once and for a limited time:',
    },
    welcome: {
      subject: 'An account was made for you',
      sentence:
        'An account was made for you. With this link you choose a password and come in; it works once and for a limited time:',
    },
    recovery: {
      subject: 'A way back into your account',
      sentence:
        'Somebody who may do so has opened a way back into your account. If you asked for it, follow this link; it works once and for a limited time. If you did not, tell an administrator:',
    },
    'recovery-opened': {
      subject: 'Somebody wants a way back into your account',
      sentence:
        'A recovery of your account has begun. If you can still sign in and did not ask for it, stop it on this page:',
    },
    'recovery-asked': {
      subject: 'Somebody cannot get into their account',
      sentence:
        'Somebody has asked for a way back into an account. Make sure that it is its owner before you open one. The account:',
    },
    'address-check': {
      subject: 'Is this your address?',
      sentence:
        'Somebody wants to use this address for their account. If that was you, confirm it here while you are signed in; the link works once and for a day. If it was not, do nothing:',
    },
    'password-changed': {
      subject: 'Your password was changed',
      sentence: 'The password of your account was changed. If that was not you, tell an administrator. Look here:',
    },
    'second-factor-changed': {
      subject: 'Your second factors were changed',
      sentence:
        'A passkey, code generator or set of recovery codes of your account was changed. If that was not you, tell an administrator. Look here:',
    },
    'email-changed': {
      subject: 'The mail address of your account was changed',
      sentence: 'The mail address of your account was changed. If that was not you, tell an administrator. Look here:',
    },
    'new-sign-in': {
      subject: 'A new sign-in to your account',
      sentence: 'Somebody signed in to your account from a new device. If that was not you, end the session here:',
    },
    'account-linked': {
      subject: 'A way to sign in was added to your account',
      sentence: 'Another way to sign in was linked to your account. If that was not you, remove it here:',
    },
    'account-unlinked': {
      subject: 'A way to sign in was taken off your account',
      sentence:
        'A way to sign in was unlinked from your account. If that was not you, tell an administrator. Look here:',
    },
    'account-restored': {
      subject: 'Your account is open again',
      sentence: 'An administrator has let your account in again. Sign in here:',
    },
    'membership-changed': {
      subject: 'Your membership was changed',
      sentence: 'Something about your membership in a trust group was changed. Read it here:',
    },
    'state-changed': {
      subject: 'Your membership has another state',
      sentence:
        'The rules of a trust group have given your membership another state. Why, and what you can do, is on this page:',
    },
    'vouches-missing': {
      subject: 'Too few members vouch for you',
      sentence:
        'A trust group wants more members to vouch for you than do now. Until when, and what you can do, is on this page:',
    },
    'nominee-vetted': {
      subject: 'A nominee waits for your decision',
      sentence:
        'Enough members of a trust group vouch for somebody who was nominated. Approve them, or not, on this page:',
    },
    'key-expiring': {
      subject: 'Your OpenPGP key needs care',
      sentence:
        'A key of yours expires soon, or can no longer be used. What to do, and until when, is on the page of your keys:',
    },
    'key-change': {
      subject: 'Another OpenPGP key waits',
      sentence:
        'A member of a trust group wants to use another OpenPGP key there, and it takes effect after a week. If this is not right, stop it on this page:',
    },
    'key-health': {
      subject: 'The keys of your group need care',
      sentence:
        'The OpenPGP key of at least one member of your trust group expires within two weeks, or can no longer be used. Who they are is on this page:',
    },
    'nominee-new': {
      subject: 'Somebody is nominated',
      sentence: 'Somebody was nominated for a trust group of yours. Vouch for them if you know them, on this page:',
    },
    'nomination-ended': {
      subject: 'A nomination of yours is decided',
      sentence:
        'Somebody whom you nominated was approved, or the nomination was withdrawn. Read it, and tell them if they may know, on this page:',
    },
    'vouch-changed': {
      subject: 'A vouch for you was changed',
      sentence:
        'A member of a trust group vouches for you, says it in other words, or does so no more. Your membership is on this page:',
    },
    'vouch-declined': {
      subject: 'Somebody declined to vouch',
      sentence: 'Somebody has declined to vouch for a person whom you nominated. The nomination is on this page:',
    },
    'concern-raised': {
      subject: 'A concern was raised',
      sentence:
        'A member of a trust group has told its administrators of a concern. It is confidential. Read it on this page:',
    },
    'vouches-exported': {
      subject: 'The vouches of a group were taken away',
      sentence:
        'Somebody who may do so has taken the vouches of a trust group of yours away as a file. Who and when is on this page:',
    },
    'glass-broken': {
      subject: 'A site administrator looks into a group',
      sentence:
        'A site administrator has opened a trust group of yours for an hour and has given a reason. Read it here:',
    },
    'admission-request': {
      subject: 'Somebody asks to be invited',
      sentence: 'Somebody without an account asks to be invited. Read what they write, and decide, on this page:',
    },
    'recovery-vouching': {
      subject: 'Somebody asks you to help them back in',
      sentence:
        'Somebody for whom you vouch may have lost the way into their account. Speak with them first, face to face or by a number that you know; then approve it, or not, on this page:',
    },
    digest: {
      subject: 'News of your trust groups',
      sentence: 'Something happened in your trust groups since you were told last. All of it is on this page:',
    },
    test: { subject: 'Test notice', sentence: 'Notices reach you. There is nothing to do. The status of the server:' },
  },
  es: {
    invitation: {
      subject: 'Invitación a un grupo de confianza',
      sentence: 'Ha recibido una invitación. Este enlace la abre; sirve una sola vez y por tiempo limitado:',
    },
    welcome: {
      subject: 'Se creó una cuenta para usted',
      sentence:
        'Se creó una cuenta para usted. Con este enlace elige una contraseña y entra; sirve una sola vez y por tiempo limitado:',
    },
    recovery: {
      subject: 'Una forma de volver a su cuenta',
      sentence:
        'Alguien autorizado ha abierto una forma de volver a su cuenta. Si usted la pidió, siga este enlace; sirve una sola vez y por tiempo limitado. Si no la pidió, avise a un administrador:',
    },
    'recovery-opened': {
      subject: 'Alguien quiere volver a entrar en su cuenta',
      sentence:
        'Ha comenzado la recuperación de su cuenta. Si todavía puede iniciar sesión y no la pidió, deténgala en esta página:',
    },
    'recovery-asked': {
      subject: 'Alguien no puede entrar en su cuenta',
      sentence:
        'Alguien ha pedido una forma de volver a una cuenta. Asegúrese de que es su titular antes de abrirla. La cuenta:',
    },
    'address-check': {
      subject: '¿Es suya esta dirección?',
      sentence:
        'Alguien quiere usar esta dirección para su cuenta. Si fue usted, confírmela aquí con la sesión iniciada; el enlace sirve una sola vez y durante un día. Si no fue usted, no haga nada:',
    },
    'password-changed': {
      subject: 'Se cambió su contraseña',
      sentence: 'Se cambió la contraseña de su cuenta. Si no fue usted, avise a un administrador. Véalo aquí:',
    },
    'second-factor-changed': {
      subject: 'Se cambiaron sus segundos factores',
      sentence:
        'Se cambió una llave de acceso, un generador de códigos o los códigos de recuperación de su cuenta. Si no fue usted, avise a un administrador. Véalo aquí:',
    },
    'email-changed': {
      subject: 'Se cambió la dirección de correo de su cuenta',
      sentence: 'Se cambió la dirección de correo de su cuenta. Si no fue usted, avise a un administrador. Véalo aquí:',
    },
    'new-sign-in': {
      subject: 'Nuevo inicio de sesión en su cuenta',
      sentence:
        'Alguien inició sesión en su cuenta desde un dispositivo nuevo. Si no fue usted, cierre la sesión aquí:',
    },
    'account-linked': {
      subject: 'Se añadió una forma de iniciar sesión',
      sentence: 'Se vinculó a su cuenta otra forma de iniciar sesión. Si no fue usted, quítela aquí:',
    },
    'account-unlinked': {
      subject: 'Se quitó una forma de iniciar sesión',
      sentence:
        'Se desvinculó de su cuenta una forma de iniciar sesión. Si no fue usted, avise a un administrador. Véalo aquí:',
    },
    'account-restored': {
      subject: 'Su cuenta está abierta de nuevo',
      sentence: 'Un administrador ha vuelto a abrir su cuenta. Inicie sesión aquí:',
    },
    'membership-changed': {
      subject: 'Se cambió su pertenencia a un grupo',
      sentence: 'Cambió algo en su pertenencia a un grupo de confianza. Léalo aquí:',
    },
    'state-changed': {
      subject: 'Su pertenencia tiene otro estado',
      sentence:
        'Las reglas de un grupo de confianza han dado otro estado a su pertenencia. El porqué y lo que puede hacer están en esta página:',
    },
    'vouches-missing': {
      subject: 'Faltan avales para usted',
      sentence:
        'Un grupo de confianza pide más avales de los que usted tiene ahora. Hasta cuándo y qué puede hacer está en esta página:',
    },
    'nominee-vetted': {
      subject: 'Una candidatura espera su decisión',
      sentence:
        'Suficientes miembros de un grupo de confianza avalan a una persona nominada. Apruébela o no en esta página:',
    },
    'key-expiring': {
      subject: 'Su clave OpenPGP necesita atención',
      sentence: 'Una clave suya caduca pronto o ya no sirve. Qué hacer y hasta cuándo está en la página de sus claves:',
    },
    'key-change': {
      subject: 'Otra clave OpenPGP espera',
      sentence:
        'Un miembro de un grupo de confianza quiere usar allí otra clave OpenPGP, que valdrá dentro de una semana. Si no es correcto, deténgalo en esta página:',
    },
    'key-health': {
      subject: 'Las claves de su grupo necesitan atención',
      sentence:
        'La clave OpenPGP de al menos un miembro de su grupo de confianza caduca en menos de dos semanas o ya no sirve. Quiénes son está en esta página:',
    },
    'nominee-new': {
      subject: 'Hay una persona nominada',
      sentence: 'Se nominó a una persona para un grupo de confianza suyo. Si la conoce, aválela en esta página:',
    },
    'nomination-ended': {
      subject: 'Se decidió una nominación suya',
      sentence:
        'Una persona que usted nominó fue aprobada, o la nominación se retiró. Léalo en esta página y dígaselo a la persona si puede saberlo:',
    },
    'vouch-changed': {
      subject: 'Cambió un aval para usted',
      sentence:
        'Un miembro de un grupo de confianza le avala, lo dice con otras palabras o ya no le avala. Su pertenencia está en esta página:',
    },
    'vouch-declined': {
      subject: 'Alguien no quiso dar su aval',
      sentence: 'Alguien no quiso avalar a una persona que usted nominó. La nominación está en esta página:',
    },
    'concern-raised': {
      subject: 'Hay un reparo',
      sentence:
        'Un miembro de un grupo de confianza comunicó un reparo a sus administradores. Es confidencial. Léalo en esta página:',
    },
    'vouches-exported': {
      subject: 'Se exportaron los avales de un grupo',
      sentence:
        'Alguien autorizado se llevó los avales de un grupo de confianza suyo en un archivo. Quién y cuándo está en esta página:',
    },
    'glass-broken': {
      subject: 'Un administrador del sitio mira un grupo',
      sentence:
        'Un administrador del sitio ha abierto por una hora un grupo de confianza suyo y ha dado un motivo. Léalo aquí:',
    },
    'admission-request': {
      subject: 'Alguien pide una invitación',
      sentence: 'Una persona sin cuenta pide una invitación. Lea lo que escribe y decida en esta página:',
    },
    'recovery-vouching': {
      subject: 'Alguien le pide ayuda para volver a entrar',
      sentence:
        'Es posible que una persona a la que usted avala haya perdido el acceso a su cuenta. Hable antes con ella, en persona o por un número que usted conozca; después apruébelo o no en esta página:',
    },
    digest: {
      subject: 'Novedades de sus grupos de confianza',
      sentence: 'Hubo novedades en sus grupos de confianza desde el último aviso. Todas están en esta página:',
    },
    test: {
      subject: 'Aviso de prueba',
      sentence: 'Los avisos le llegan. No hay nada que hacer. El estado del servidor:',
    },
  },
}

/** What every notice ends with. */
export const ENDINGS: Readonly<Record<(typeof LANGUAGES)[number], string>> = {
  en: 'This mail was written by a program and says nothing more on purpose. Nobody reads answers to it.',
  es: 'Este correo lo escribió un programa y no dice más a propósito. Nadie lee las respuestas.',
}

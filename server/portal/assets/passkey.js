// Passkeys: asks the browser, puts its answer into the hidden field of the form and sends the form as it is.
// Pages that offer passkeys offer other ways too, so without this script nobody is shut out.
const form = document.querySelector('form[data-passkey]')
const able = window.PublicKeyCredential?.parseRequestOptionsFromJSON !== undefined && window.isSecureContext

if (form && able) {
  const button = form.querySelector('button')
  const failed = form.querySelector('[data-failed]')
  const options = JSON.parse(form.dataset.options)
  let asking = false

  const ask = async () => {
    if (asking) return
    asking = true
    button.disabled = true
    failed.hidden = true
    try {
      const credential =
        form.dataset.passkey === 'create'
          ? await navigator.credentials.create({
              publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
            })
          : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })
      form.elements.answer.value = JSON.stringify(credential.toJSON())
      form.submit() // goes around the listener below
    } catch (error) {
      asking = false
      button.disabled = false
      // the browser asks by itself only once; a click is always allowed to ask
      if (error.name !== 'NotAllowedError' || !form.hasAttribute('data-at-once')) failed.hidden = false
      form.removeAttribute('data-at-once')
      button.focus()
    }
  }

  form.querySelector('[data-unable]').hidden = true
  button.hidden = false
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void ask()
  })
  if (form.hasAttribute('data-at-once')) void ask()
}

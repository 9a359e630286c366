// When the session has ended, elsewhere or by its time, the content of this page goes too: nothing stays readable on an
// unattended screen. Without this script the next click shows it.
const { account } = document.currentScript.dataset
const EVERY_MILLIS = 3000 // gone within five seconds, with time left for the answer
let gone = false

const look = async () => {
  if (gone || document.visibilityState !== 'visible') return
  try {
    const answer = await fetch(`/session?account=${account}`, { cache: 'no-store', redirect: 'error' })
    if (answer.status !== 401) return
  } catch {
    return // the server is away: it says so at the next click
  }
  gone = true
  document.body.replaceChildren()
  // by GET, so that the browser does not ask whether to send a form again
  location.replace(location.pathname + location.search)
}

setInterval(look, EVERY_MILLIS)
document.addEventListener('visibilitychange', look)
addEventListener('pageshow', (event) => event.persisted && look())

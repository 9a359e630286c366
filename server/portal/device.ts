import Bowser from 'bowser'

const MAX_AGENT = 500

/** `Firefox on Linux`: enough for people to recognise their own devices. Never decides anything. */
export function deviceOf(userAgent: string | undefined): string {
  if (!userAgent) return 'unknown'
  const { browser, os } = Bowser.parse(userAgent.slice(0, MAX_AGENT))
  const name = [browser.name, os.name && `on ${os.name}`].filter(Boolean).join(' ')
  return (name || userAgent.slice(0, 60)).replaceAll(/[^\x20-\x7e]/g, '?')
}

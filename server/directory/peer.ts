import ipaddr from 'ipaddr.js'

/** The address in what slapd says of the other side; for a socket of the machine `local`. */
export function networkOf(peerName: string): string {
  const [, bracketed, plain] = /^IP=(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+)):\d+$/.exec(peerName) ?? []
  return bracketed ?? plain ?? 'local'
}

/** Whether what the other side sends crosses no network. */
export function staysOnMachine(peerName: string): boolean {
  if (peerName.startsWith('PATH=')) return true
  const network = networkOf(peerName)
  return ipaddr.isValid(network) && ipaddr.process(network).range() === 'loopback'
}

import { artifact, directory, file } from './file-observables.ts'
import { mutex, process, software, userAccount, windowsRegistryKey } from './host-observables.ts'
import { emailMessage, x509Certificate } from './mail-and-certificate.ts'
import {
  autonomousSystem,
  domainName,
  emailAddress,
  ipv4Address,
  ipv6Address,
  macAddress,
  url,
} from './network-observables.ts'
import { networkTraffic } from './network-traffic.ts'

/** The definitions of the 18 cyber-observables (STIX 2.1 §6). */
export const OBSERVABLES = {
  artifact,
  'autonomous-system': autonomousSystem,
  directory,
  'domain-name': domainName,
  'email-addr': emailAddress,
  'email-message': emailMessage,
  file,
  'ipv4-addr': ipv4Address,
  'ipv6-addr': ipv6Address,
  'mac-addr': macAddress,
  mutex,
  'network-traffic': networkTraffic,
  process,
  software,
  url,
  'user-account': userAccount,
  'windows-registry-key': windowsRegistryKey,
  'x509-certificate': x509Certificate,
} as const

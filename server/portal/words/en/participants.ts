/** English texts: the participant map of the region. */
export const participants = {
  title: 'Participants',
  lead: 'Whose addresses and domains of the region are whose. An event says the site; reports that leave the groups say the label that the participant chose instead of its addresses and names.',
  edit: 'Edit or import the map',
  history: 'Versions of the map',
  export: 'Take the map away',
  back: 'Back to the participants',
  none: 'There is no map yet.',
  noneWhy:
    'Until there is one, everybody is a stranger: nothing can tell friend from foe, nor hide names of participants.',
  version: (version: number, entries: number) => `Version ${version} with ${entries} entries,`,
  caption: 'Entries: IPv4, IPv6, then domains',
  block: 'Block or domain',
  site: 'Site',
  participant: 'Label',
  tlp: 'TLP',

  ask: 'Whose is it?',
  askLabel: 'Address, name or URL',
  askHint: 'Also defanged, for example edge7[.]city[.]example.',
  askSubmit: 'Look it up',
  friend: (asked: string, found: { readonly site: string; readonly participant: string; readonly block: string }) =>
    `${asked}: site ${found.site}, shown as ${found.participant}, by ${found.block}.`,
  stranger: (asked: string) => `${asked}: no participant.`,

  editLead:
    'One entry a line: block or domain, site, label where it is another, and a TLP label if it has one. A dot in front of a domain means everything below it as well. YAML and CSV are read too. First you see what would change.',
  text: 'The map',
  textHint: 'For example: 198.51.100.0/24 CITYHALL CITY. A # starts a remark.',
  textLong:
    'The map is too long to be edited here: take it away, change it, and bring it as a file. What stands here is the whole new map.',
  file: 'Or a file in its place',
  fileHint:
    'YAML with cidr, domain and tlp per participant, CSV, or text; up to 250 KiB. Larger ones go by the command line.',
  check: 'Check and compare',
  save: 'Save as a new version',
  note: 'Note',
  noteHint: 'Why it changes; stands in the list of versions. May be left out.',
  notRead: 'The map cannot be read: see the table for each line and its fix.',
  nothing: 'Write at least one entry.',
  problems: 'What is wrong, by its line',
  fields: {
    block: 'Block or domain',
    site: 'Site',
    participant: 'Label',
    tlp: 'TLP',
    file: 'Line',
  } as const,
  same: 'This is the map as it is: there is nothing to save.',
  wouldChange: (
    entries: number,
    { added, removed, changed }: Readonly<Record<'added' | 'removed' | 'changed', readonly unknown[]>>,
  ) =>
    `The map would have ${entries} entries: ${added.length} added, ${removed.length} removed, ${changed.length} changed. Nothing is saved yet.`,
  saved: (version: number) => `Version ${version} of the map counts now.`,

  changesCaption: 'Changes, block by block',
  change: 'Change',
  before: 'Before',
  after: 'After',
  added: 'Added',
  removed: 'Removed',
  changed: 'Changed',
  moreChanges: (count: number) => `And ${count} more.`,

  historyLead: 'Every version is kept. An old one can be made the map again, as a new version.',
  historyCaption: 'Versions, the newest first',
  versionColumn: 'Version',
  versionName: (version: number) => `Version ${version}`,
  made: 'Made',
  madeBy: 'By',
  entries: 'Entries',
  changesTo: (version: number) => `What changed after version ${version}`,
  firstVersion: 'The first version',
  restore: 'Make this the map again',
  restored: (old: number, version: number) => `The map is as in version ${old} again; that is version ${version}.`,

  exportLead: 'The map that counts now, for other programs.',
  formColumn: 'Form',
  fileColumn: 'File',
  forms: {
    yaml: 'YAML, per participant',
    csv: 'CSV',
    text: 'Text, one entry a line',
    silk: 'Prefix map for SiLK, IPv4 (rwpmapbuild)',
    'silk-ipv6': 'Prefix map for SiLK, IPv6 (rwpmapbuild)',
  } as Readonly<Record<string, string>>,
}

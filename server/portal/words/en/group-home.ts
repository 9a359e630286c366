/** English texts: the home of a trust group. */
export const groupHome = {
  youAre: (state: string) => `You are ${state} here since`,
  allMet: 'Everything that the rules ask is there.',
  notMet: (count: number) =>
    count === 1 ? 'One thing that the rules ask is missing.' : `${count} things that the rules ask are missing.`,
  newcomer: 'The group has let you in. Before it opens, a few things are missing:',
  waiting: 'What waits for you',
  nothingWaits: 'Nothing at the moment.',
  nominees: (count: number) => (count === 1 ? 'One nominee to look at' : `${count} nominees to look at`),
  renewals: (count: number) =>
    count === 1 ? 'One vouch of yours runs out within 30 days' : `${count} vouches of yours run out within 30 days`,
  keyExpires: 'Your OpenPGP certificate expires',
  keyExpired: 'Your OpenPGP certificate expired',
  keyChanges: 'Another certificate of yours takes over',
  vetted: (count: number) =>
    count === 1 ? 'One nominee waits for your decision' : `${count} nominees wait for your decision`,
  requests: (count: number) => (count === 1 ? 'One person asks to be invited' : `${count} people ask to be invited`),
  concerns: (count: number) => (count === 1 ? 'One concern is open' : `${count} concerns are open`),
  numbers: 'The group',
  members: 'Members',
  vouching: 'Who vouch for somebody',
  withoutKey: 'Without a good OpenPGP certificate',
  exports: 'Vouches taken away',
  exportsLead: 'Administrators may take all vouches away as a file; each time is shown here.',
  exportsNone: 'Nobody has taken them away.',
  exported: (by: string, vouches: number) => `${by === '' ? 'The operator of the server' : by}: ${vouches} vouches`,
  events: 'Lately',
  eventsNone: 'Nobody has joined lately.',
  joined: 'became a member',
  remembered: 'is remembered',
}

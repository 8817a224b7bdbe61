/** What a preference event may say (C1 to C3), and the columns of a file of them. */

export const preferenceTypes = [
  'objection',
  'consent',
  'withdrawal',
  'restriction',
  'erasure',
  'presented',
  'lift',
  'resolution',
] as const;
export type PreferenceType = (typeof preferenceTypes)[number];
/** The kinds that stop something (C1). */
export const isStop = (type: PreferenceType): boolean =>
  type === 'objection' || type === 'withdrawal' || type === 'restriction' || type === 'erasure';

export const receivedBy = ['web', 'app', 'phone', 'letter', 'email'] as const;
export type ReceivedBy = (typeof receivedBy)[number];
/** The ways by which it is received as it is said: then is now, where nobody says otherwise. */
export const receivedByItself: ReadonlySet<string> = new Set(['web', 'app', 'phone']);

/** The columns of a file of preference events ("preference events file" in docs/formats.md), in their order. */
export const eventColumns = [
  'event',
  'record',
  'kind',
  'purpose',
  'organisation',
  'contact-channel',
  'field',
  'notice',
  'consent',
  'lifts',
  'delivery',
  'signed',
  'received',
  'logged',
  'email',
  'phone',
  'surname',
  'address-line',
  'postcode',
  'birth-date',
] as const;
export type EventColumn = (typeof eventColumns)[number];

/**
 * The twin of ingest: the same raw cells attributed to each person by brute force, written from semantics C and
 * docs/formats.md, every event against every record. Slow, plain, and no line of it shared with the SQL but the
 * folding of contact details, which has a test of its own.
 */

import type { Child, Permission, PersonFacts, Relation, Stop } from '../../src/policy/facts.ts';
import { foldPostcode } from '../../src/policy/fold.ts';
import { parseHistory } from '../../src/policy/history.ts';
import type { ColumnOr, Scope, Source, Value } from '../../src/policy/model.ts';
import { type Contacts, cell, folded } from './contacts.ts';
import { highest, londonDay, lowest } from './instants.ts';
import { entriesOf, matchOf } from './screen.ts';
import type { Cells, World } from './world.ts';

export type HistoryKeys = ReadonlyMap<string, { readonly base: string; readonly later: string }>;
export type Attributed = { readonly facts: PersonFacts; readonly keys: HistoryKeys };

/** Every person of a world by record id. */
export function attribute(world: World): ReadonlyMap<string, Attributed> {
  const { source } = world;
  const people = world.records.map((row) => ({
    row,
    id: cell(row, source.record) ?? '',
    keys: contactKeys(recordContacts(source, row)),
  }));
  const stops = new Map<string, Stop[]>();
  for (const event of world.events) spread(event, people, stops, resolvedAt(event, world.events));
  const areas = areasOf(world);
  const named = world.events.map((event) => ({ event, record: cell(event, 'record') }));
  const twice = repeated(world.events.map((event) => cell(event, 'event')));
  const screens = world.lists.map(({ list, rows }) => ({ list, entries: entriesOf(list, rows) }));
  return new Map(
    people.map(({ row, id }) => {
      const own = named.filter(({ record }) => record === id).map(({ event }) => event);
      const later = laterKey(source, row, own);
      const keys: HistoryKeys = new Map(
        source.collections.map((c) => [c.id, { base: baseKey(c, row), later }]),
      );
      const person = folded(recordContacts(source, row));
      const lists = screens.flatMap(({ list, entries }) => matchOf(list, entries, person, id));
      return [
        id,
        {
          keys,
          facts: {
            ...ownFacts(source, row, areas),
            record: id,
            histories: histories(keys),
            stops: stops.get(id) ?? [],
            permissions: own.flatMap((event) => permissionOf(event, twice)),
            lists,
          },
        },
      ];
    }),
  );
}

const histories = (keys: HistoryKeys): PersonFacts['histories'] =>
  new Map([...keys].map(([collection, { base, later }]) => [collection, parseHistory(base, later)]));

function recordContacts({ roles, fields }: Source, row: Cells): Contacts {
  const of = (field: string | null): string | null =>
    cell(row, fields.find((f) => f.name === field)?.column ?? null);
  return {
    forename: of(roles.forename),
    surname: of(roles.surname),
    address: of(roles.addressLine),
    postcode: of(roles.postcode),
    email: of(roles.email),
    phone: of(roles.phone),
    born: of(roles.birthDate),
  };
}

function eventContacts(event: Cells): Contacts {
  return {
    forename: null,
    surname: cell(event, 'surname'),
    address: cell(event, 'address-line'),
    postcode: cell(event, 'postcode'),
    email: cell(event, 'email'),
    phone: cell(event, 'phone'),
    born: cell(event, 'birth-date'),
  };
}

type ContactKeys = { readonly sure: readonly (string | null)[]; readonly near: string | null };

/** C4: e-mail, phone, home, birth; and the coarse key. A key with a part missing matches nothing. */
function contactKeys(contacts: Contacts): ContactKeys {
  const { surname, address, postcode, email, phone, born } = folded(contacts);
  const key = (...parts: readonly (string | null)[]): string | null =>
    parts.includes(null) ? null : JSON.stringify(parts);
  return {
    sure: [key(email), key(phone), key(surname, postcode, address), key(born, postcode)],
    near: key(postcode, surname === null ? null : surname.slice(0, 3)),
  };
}

const meetSurely = (a: ContactKeys, b: ContactKeys): boolean =>
  a.sure.some((key, i) => key !== null && key === b.sure[i]);

type Person = { readonly row: Cells; readonly id: string; readonly keys: ContactKeys };
const stopKinds = new Set(['objection', 'withdrawal', 'restriction', 'erasure']);
const permissions = new Set(['consent', 'lift', 'presented', 'resolution']);

/** C4: one hop, from the record a stop names and from the details it came with; else every plausible match. */
function spread(
  event: Cells,
  people: readonly Person[],
  stops: Map<string, Stop[]>,
  resolved: number | null,
): void {
  if (permissions.has((cell(event, 'kind') ?? '').toLowerCase())) return;
  const named = cell(event, 'record');
  const own = people.find(({ id }) => id === named);
  const came = contactKeys(eventContacts(event));
  const add = (id: string, relation: Relation): void =>
    void stops.set(id, [
      ...(stops.get(id) ?? []),
      { ...stopOf(event, relation), resolved: relation === 'plausible' ? resolved : null },
    ]);
  if (own) add(own.id, 'own');
  const sure = people.filter(
    (p) => p !== own && (meetSurely(p.keys, came) || (own !== undefined && meetSurely(p.keys, own.keys))),
  );
  for (const person of sure) add(person.id, 'linked');
  if (own || sure.length > 0 || came.near === null) return;
  for (const person of people) if (person.keys.near === came.near) add(person.id, 'plausible');
}

/** A scope; what is written like no term and no id stands as `unknown`. */
function scopeOf(event: Cells, unknown: '?' | '!'): Scope {
  const termLike = /^[a-z][a-z-]*:[A-Za-z][A-Za-z0-9-]*$/;
  const like: Readonly<Record<string, (word: string) => boolean>> = {
    purpose: (word) => termLike.test(word),
    organisation: (word) =>
      /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(word) &&
      /[A-Za-z]/.test(word) &&
      (word.length <= 80 || /^\d/.test(word)),
    'contact-channel': (word) =>
      ['post', 'email', 'sms', 'call', 'automated-call', 'online-audience'].includes(word),
    field: (word) => termLike.test(word) || /^[a-z][a-z0-9_]{0,59}$/.test(word),
  };
  const part = (column: string): string => {
    const word = cell(event, column) ?? 'all';
    return word === 'all' || like[column]?.(word) ? word : unknown;
  };
  return {
    purpose: part('purpose'),
    organisation: part('organisation'),
    contactChannel: part('contact-channel'),
    field: part('field'),
  };
}

const isResolution = (event: Cells): boolean => cell(event, 'kind')?.toLowerCase() === 'resolution';

/** C4: when a person said whose a stop without a record is; null where nobody did, or where anything of it is not sure. */
function resolvedAt(event: Cells, events: readonly Cells[]): number | null {
  const id = cell(event, 'event');
  if (id === null || cell(event, 'record') !== null) return null;
  const [one, ...more] = events.filter((other) => isResolution(other) && cell(other, 'lifts') === id);
  if (one === undefined || more.length > 0 || cell(one, 'record') !== null) return null;
  const own = cell(one, 'event');
  if (own === null || own === id) return null;
  for (const each of [id, own]) if (events.filter((e) => cell(e, 'event') === each).length !== 1) return null;
  const columns = ['signed', 'received', 'logged'] as const;
  const latest = columns.map((column) =>
    cell(one, column) === null ? undefined : highest(cell(one, column)),
  );
  if (latest.includes(null) || latest[1] === undefined) return null;
  const at = Math.max(...latest.filter((time) => typeof time === 'number'));
  const { from } = stopOf(event, 'plausible');
  return from !== null && from <= at ? at : null;
}

function stopOf(event: Cells, relation: Relation): Omit<Stop, 'resolved'> {
  // A time that is there and cannot be read may be any: the stop counts always.
  const given = ['signed', 'received', 'logged']
    .map((column) => cell(event, column))
    .filter((time) => time !== null);
  const times = given.map((time) => lowest(time));
  const understood = stopKinds.has(cell(event, 'kind')?.toLowerCase() ?? '');
  return {
    event: cell(event, 'event') ?? '',
    relation,
    // A5, C9: what nobody understands is a stop of everything.
    scope: understood
      ? scopeOf(event, '?')
      : { purpose: 'all', organisation: 'all', contactChannel: 'all', field: 'all' },
    from:
      times.length === 0 || times.includes(null) ? null : Math.min(...times.filter((time) => time !== null)),
    received: highest(cell(event, 'received')),
  };
}

/** The ids that stand more than once. */
function repeated(ids: readonly (string | null)[]): ReadonlySet<string | null> {
  const [once, twice] = [new Set<string | null>(), new Set<string | null>()];
  for (const id of ids) (once.has(id) ? twice : once).add(id);
  return twice;
}

function permissionOf(event: Cells, twice: ReadonlySet<string | null>): readonly Permission[] {
  const kind = cell(event, 'kind')?.toLowerCase();
  if (kind !== 'consent' && kind !== 'lift') return [];
  return [
    {
      event: cell(event, 'event') ?? '',
      kind,
      notice: cell(event, 'notice'),
      consent: cell(event, 'consent'),
      scope: scopeOf(event, '!'),
      // Two events of one id: nobody knows which of them the act showed.
      lifts: twice.has(cell(event, 'lifts')) ? null : cell(event, 'lifts'),
      signed: lowest(cell(event, 'signed')),
      received: highest(cell(event, 'received')),
    },
  ];
}

const plain = (text: string): string => text.replace(/[\^|~]/g, '?');

function baseKey(collection: Source['collections'][number], row: Cells): string {
  const of = (from: ColumnOr<string> | null): string | null =>
    from === null ? null : 'constant' in from ? from.constant : cell(row, from.column);
  const [notice, code, channel, on] = [
    of(collection.notice),
    of(collection.printCode),
    of(collection.collectedBy),
    cell(row, collection.date),
  ];
  const base =
    notice !== null
      ? `v:${plain(notice)}`
      : code !== null
        ? `p:${plain(code)}`
        : channel !== null && on !== null
          ? `d:${plain(channel)}:${on}`
          : '?';
  return `${base}^${plain(of(collection.origin) ?? '')}`;
}

/** Later notices, of the record's own columns and of its events, by date, then notice (A7). */
function laterKey(source: Source, row: Cells, events: readonly Cells[]): string {
  const columns = source.presented.flatMap(({ notice, date, delivery }) => {
    const of = (from: ColumnOr<string> | null): string | null =>
      from === null ? null : 'constant' in from ? from.constant : cell(row, from.column);
    const [shown, on, how] = [of(notice), cell(row, date), of(delivery)];
    // What is the same for all says of nobody that they were shown it.
    const says = [
      'column' in notice ? shown : null,
      on,
      delivery !== null && 'column' in delivery ? how : null,
    ];
    return says.every((each) => each === null)
      ? []
      : [{ notice: shown ?? '?', on: on ?? '?', delivery: how }];
  });
  const presented = events
    .filter((event) => cell(event, 'kind')?.toLowerCase() === 'presented')
    .map((event) => ({
      notice: cell(event, 'notice') ?? '?',
      on: londonDay(cell(event, 'signed') ?? cell(event, 'received')) ?? '?',
      delivery: cell(event, 'delivery'),
    }));
  const collected = source.collections
    .flatMap(({ date }) => cell(row, date) ?? [])
    .sort()
    .at(-1);
  const elements = [...columns, ...presented].map(({ notice, on, delivery }) => {
    const early = collected !== undefined && on !== '?' && on < collected && delivery !== 'bounced';
    return { on, text: `${plain(notice)}~${on}~${early ? 'earlier' : plain(delivery ?? '')}` };
  });
  const order = (e: { readonly on: string; readonly text: string }): string =>
    JSON.stringify([e.on === '?' ? '9999' : e.on, e.text]);
  const sorted = elements.sort((a, b) => (order(a) < order(b) ? -1 : 1)).map((e) => e.text);
  return [...new Set(sorted)].join('|');
}

/** Postcodes given to one area alone; two areas for one postcode is none. */
function areasOf(world: World): ReadonlyMap<string, string> {
  const found = new Map<string, Set<string>>();
  for (const [postcode, area] of world.areas) {
    const key = foldPostcode(postcode);
    // Nobody is nowhere: a row without a postcode is of no record without one.
    if (key !== '') found.set(key, (found.get(key) ?? new Set()).add(area.trim()));
  }
  return new Map(
    [...found].flatMap(([key, areas]) => (areas.size === 1 ? [[key, [...areas].join()] as const] : [])),
  );
}

const yes: ReadonlySet<string> = new Set(['y', 'yes', 'true', '1']);
const no: ReadonlySet<string> = new Set(['n', 'no', 'false', '0']);
const flag = (text: string | null): boolean | null =>
  text === null ? null : yes.has(text.toLowerCase()) ? true : no.has(text.toLowerCase()) ? false : null;

function ownFacts(source: Source, row: Cells, areas: ReadonlyMap<string, string>) {
  const column = (field: string | null): string | null =>
    cell(row, source.fields.find((f) => f.name === field)?.column ?? null);
  const values = new Map<string, Value | null>(
    source.fields.map(({ name, type }) => [name, typed(column(name), type)]),
  );
  values.set('area', areas.get(foldPostcode(column(source.roles.postcode) ?? '')) ?? null);
  return {
    collectedOn: new Map(source.collections.map((c) => [c.id, cell(row, c.date)])),
    values,
    children: source.children.flatMap((slot) =>
      childOf(column(slot.birthDate), column(slot.died), column(slot.name)),
    ),
    consents: source.consents.map((c) => {
      const answer = cell(row, c.column);
      return {
        consent: c.consent,
        notice: c.notice,
        given: answer !== null && c.yes.includes(answer),
        received: highest(cell(row, c.date)),
      };
    }),
    deceased: flag(column(source.roles.deceased)),
    goneAway: flag(column(source.roles.goneAway)),
  };
}

function typed(text: string | null, type: Source['fields'][number]['type']): Value | null {
  if (text === null) return null;
  return type === 'integer' ? Number(text) : type === 'boolean' ? flag(text) : text;
}

/** C6: only an explicit no, or nothing, is alive; a name with no date is a child of no date. */
function childOf(born: string | null, died: string | null, name: string | null): readonly Child[] {
  if (born === null && died === null && name === null) return [];
  const dead = died === null ? false : flag(died);
  return [{ born, state: dead === null ? 'unknown' : dead ? 'died' : 'living' }];
}

/**
 * `node bench/node-stream.ts WORKSPACE`: the same decision as most would write it: csv-parse streams, maps in memory,
 * a function per record. It stops at the first reason, makes no pseudonyms and writes nothing: less than the release
 * does. Its count must be the release's.
 */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'csv-parse';
import { answer } from './child.ts';

type Row = Readonly<Record<string, string>>;
type Stop = { event: string; owner: string; whole: boolean; scope: string; received: number };
type Permission = { lifts: string; scope: string; whole: boolean; signed: number };

const root = process.argv[2];
if (root === undefined) throw new RangeError('usage: node-stream.ts WORKSPACE');
const path = (name: string): string => join(root, 'data', name);
const rows = (name: string): AsyncIterable<Row> =>
  createReadStream(path(name)).pipe(parse({ columns: true }));
const cutOff = Date.parse('2017-05-05T09:00:00+01:00');

// ---- folding and times

const postcode = (text: string): string => text.replaceAll(' ', '').toUpperCase();
const name = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[\s\-'’‘.,]/g, '');
const near = (surname: string, code: string): string =>
  surname === '' || code === '' ? '' : `n ${postcode(code)} ${name(surname).slice(0, 3)}`;
const home = (surname: string, address: string, code: string): string =>
  surname === '' || address === '' || code === ''
    ? ''
    : `h ${name(surname)} ${name(address)} ${postcode(code)}`;
const email = (text: string): string => (text === '' ? '' : `e ${text.toLowerCase()}`);
const phone = (text: string): string => (text === '' ? '' : `p ${text}`);
const birth = (born: string, code: string): string =>
  born === '' || code === '' ? '' : `b ${born} ${postcode(code)}`;

const hasOffset = (time: string): boolean => /T.*(Z|[+-]\d\d:\d\d)$/.test(time);
const utc = (time: string): number =>
  Date.parse(time.length === 10 ? time : hasOffset(time) ? time : `${time}Z`);
/** A time that is not there is no time: NaN, which compares as false. */
const earliest = (time: string): number => utc(time) - (hasOffset(time) ? 0 : 3_600_000);
const latest = (time: string): number => utc(time) + (time.length === 10 ? 86_400_000 : 0);

// ---- what is kept in memory

const seats = new Set<string>();
const inSeats = new Set<string>();
const listed = new Set<string>();
const stopsOf = new Map<string, Stop[]>();
const stopsByKey = new Map<string, Stop[]>();
const letters = new Map<string, Stop[]>();
const certain = new Set<Stop>();
const permissionsOf = new Map<string, Permission[]>();
const consented = new Set<string>();
const shown = new Map<string, [on: string, delivery: string][]>();

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  if (key === '') return;
  const found = map.get(key);
  if (found) found.push(value);
  else map.set(key, [value]);
}

for await (const row of rows('seats.csv')) seats.add(row.area ?? '');
for await (const row of rows('areas.csv')) {
  if (seats.has(row.area ?? '')) inSeats.add(postcode(row.postcode ?? ''));
}
for await (const { surname = '', postcode: code = '' } of rows('own-stops.csv'))
  listed.add(near(surname, code));
for (const [file, surname, code, address] of [
  ['mps.txt', [95, 145], [405, 413], null],
  ['baby-mps.txt', [56, 81], [241, 249], [81, 113]],
] as const) {
  for await (const line of createInterface({ input: createReadStream(path(file)) })) {
    const cut = ([from, to]: readonly [number, number]): string => line.slice(from, to).trim();
    listed.add(near(cut(surname), cut(code)));
    if (address !== null) listed.add(`a ${name(cut(address))} ${postcode(cut(code))}`);
  }
}
for await (const row of rows('preferences.csv')) event(row);

function event(row: Row): void {
  const { kind = '', record = '', signed = '', received = '', logged = '', notice = '' } = row;
  const parts = [row.purpose, row.organisation, row['contact-channel'], row.field];
  const scope = { scope: parts.join('\n'), whole: parts.every((part) => part === '') };
  if (kind === 'presented') {
    if (notice === 'asked@2017') add(shown, record, [(signed || received).slice(0, 10), row.delivery ?? '']);
    return;
  }
  if (kind === 'consent' || kind === 'lift') {
    if (!(latest(received) < cutOff) || Number.isNaN(earliest(signed))) return;
    if (kind === 'consent' && notice === 'asked@2017' && row.consent === 'labour-post') consented.add(record);
    const lifts = kind === 'lift' ? (row.lifts ?? '') : '';
    add(permissionsOf, record, { ...scope, lifts, signed: earliest(signed) });
    return;
  }
  if (!['', 'post'].includes(row['contact-channel'] ?? '') || row.organisation === 'acorn-toys') return;
  const times = [signed, received, logged].filter((time) => time !== '').map(earliest);
  if (!times.some(Number.isNaN) && Math.min(...times) > cutOff) return;
  const stop = { ...scope, event: row.event ?? '', owner: record, received: latest(received) };
  add(stopsOf, record, stop);
  add(stopsByKey, email(row.email ?? ''), stop);
  add(stopsByKey, home(row.surname ?? '', row['address-line'] ?? '', row.postcode ?? ''), stop);
  if (record === '') add(letters, near(row.surname ?? '', row.postcode ?? ''), stop);
}

// ---- a function per record

const day = '2017-05-05';
const monthBefore = '2017-04-05';

function wasTold(row: Row): boolean {
  const { member_id: id = '', notice_version = '', form_code = '', joined_by = '', joined_on = '' } = row;
  const known =
    notice_version !== ''
      ? notice_version.startsWith('web@')
      : form_code !== ''
        ? ['PF-03', 'PF-07', 'PF-12'].includes(form_code)
        : (joined_by === 'web' && joined_on >= '2008-04-01') ||
          (joined_by === 'paper' && joined_on >= '2009-01-01') ||
          (joined_by === 'phone' && joined_on >= '2014-03-01' && joined_on <= '2016-02-29');
  if (!known) return false;
  const onConsent = notice_version === '' && (form_code !== '' || joined_by === 'paper');
  const times = [...(shown.get(id) ?? []), [row.asked_on ?? '', row.asked_status ?? ''] as const];
  return times.some(([on, delivery]) =>
    onConsent
      ? delivery === 'delivered' || delivery === 'sent'
      : delivery === 'delivered' && on <= monthBefore,
  );
}

function hasYoungChild(row: Row): boolean {
  let young = false;
  for (const n of [1, 2, 3]) {
    const [called, born, died] = [
      row[`child${n}_name`],
      row[`child${n}_born`] ?? '',
      row[`child${n}_died`] ?? '',
    ];
    if ((called === '' && born === '' && died === '') || died === 'Y') continue;
    if (born === '' || (died !== '' && died !== 'N')) return false;
    young ||= born >= '2012-06-09' && born <= '2017-06-08';
  }
  return young;
}

/** All that the record says of itself and the lists say of it; the stops of others are not known before the last row. */
function mayGo(row: Row): boolean {
  const {
    member_id: id = '',
    postcode: code = '',
    address_1: address = '',
    surname = '',
    born_on: born = '',
  } = row;
  if (row.deceased !== 'N' || row.gone_away !== 'N' || address === '' || code === '') return false;
  if (born === '' || born > '1999-05-05' || !inSeats.has(postcode(code)) || !hasYoungChild(row)) return false;
  const yes = row.optin_post === 'Y' && row.optin_on !== '' && (row.optin_on ?? day) < day;
  if (!(yes || consented.has(id)) || !wasTold(row)) return false;
  return !listed.has(near(surname, code)) && !listed.has(`a ${name(address)} ${postcode(code)}`);
}

const keysOf = (row: Row): readonly string[] => [
  email(row.email ?? ''),
  phone(row.phone ?? ''),
  birth(row.born_on ?? '', row.postcode ?? ''),
  home(row.surname ?? '', row.address_1 ?? '', row.postcode ?? ''),
];

type Candidate = { id: string; keys: readonly string[]; near: string };
const candidates: Candidate[] = [];
const stopsByMemberKey = new Map<string, Stop[]>();
for await (const row of rows('members.csv')) {
  const { member_id: id = '', surname = '', postcode: code = '' } = row;
  const stops = stopsOf.get(id);
  const keys = keysOf(row);
  for (const key of keys) {
    for (const stop of stopsByKey.get(key) ?? []) certain.add(stop);
    for (const stop of stops ?? []) add(stopsByMemberKey, key, stop);
  }
  if (mayGo(row)) candidates.push({ id, keys, near: near(surname, code) });
}

const lifted = (id: string, stop: Stop): boolean =>
  (permissionsOf.get(id) ?? []).some(
    (p) =>
      p.signed > stop.received &&
      (p.lifts !== '' ? p.lifts === stop.event : !p.whole && p.scope === stop.scope),
  );

function isStopped({ id, keys, near: nearKey }: Candidate): boolean {
  const stands = (stop: Stop): boolean => !lifted(id, stop);
  if (stopsOf.get(id)?.some(stands)) return true;
  const ofOthers = (stop: Stop): boolean => stop.owner !== id && stands(stop);
  for (const key of keys) {
    if (key === '') continue;
    if (stopsByKey.get(key)?.some(ofOthers) || stopsByMemberKey.get(key)?.some(ofOthers)) return true;
  }
  return (letters.get(nearKey) ?? []).some((stop) => !certain.has(stop) && stands(stop));
}

answer({ released: candidates.filter((candidate) => !isStopped(candidate)).length });

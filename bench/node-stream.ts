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
/** The notice that asked was first shown on 1 March 2017; there is no consent to it of a day before. */
const firstShown = Date.parse('2017-02-28T23:00:00Z');

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
    const given = earliest(signed);
    if (!(latest(received) < cutOff && given <= latest(received))) return;
    const asked = notice === 'asked@2017' && row.consent === 'labour-post';
    if (kind === 'consent' && asked && given >= firstShown) consented.add(record);
    const lifts = kind === 'lift' ? (row.lifts ?? '') : '';
    if (kind === 'lift' || asked) add(permissionsOf, record, { ...scope, lifts, signed: given });
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

/** When each version and each card was shown; null: it still is. */
const versions: Readonly<Record<string, readonly [from: string, until: string | null]>> = {
  'web@2011': ['2011-06-01', '2014-02-28'],
  'web@2014': ['2014-03-01', '2016-02-29'],
  'web@2016': ['2016-03-01', null],
  'PF-03': ['2009-01-01', '2013-12-31'],
  'PF-07': ['2012-01-01', null],
  'PF-12': ['2015-01-01', null],
};

function noticeKnown({ notice_version = '', form_code = '', joined_by = '', joined_on = '' }: Row): boolean {
  const recorded = notice_version || form_code;
  if (recorded !== '') {
    const [from, until] = versions[recorded] ?? ['9999-12-31', null];
    return joined_on !== '' && joined_on >= from && (until === null || joined_on <= until);
  }
  if (joined_by === 'web') return joined_on >= '2008-04-01';
  if (joined_by === 'paper') return joined_on >= '2009-01-01';
  return joined_by === 'phone' && joined_on >= '2014-03-01' && joined_on <= '2016-02-29';
}

function wasTold(row: Row): boolean {
  const { member_id: id = '', notice_version = '', form_code = '', joined_by = '', joined_on = '' } = row;
  if (!noticeKnown(row)) return false;
  const times = [...(shown.get(id) ?? [])];
  if (row.asked_on) times.push([row.asked_on, row.asked_status ?? '']);
  const seen = times
    .map(([on, delivery]) => `${on} ${delivery !== 'bounced' && on < joined_on ? 'earlier' : delivery}`)
    .sort()
    .filter((one, i, all) => one !== all[i - 1])
    .map((one) => [one.slice(0, 10), one.slice(11)] as const);
  const [first] = seen;
  const ways = new Set(seen.map(([, way]) => way));
  // Shown before they joined, it was nothing new when it was shown again; and nobody asked them again.
  if (first === undefined || first[1] === 'earlier') return false;
  const onConsent = notice_version === '' && (form_code !== '' || joined_by === 'paper');
  if (onConsent) return ways.has('delivered') || ways.has('sent');
  const counts = seen.findIndex(([on, way]) => way === 'delivered' && on <= monthBefore);
  const earlier = seen.slice(0, Math.max(0, counts));
  const later = seen.slice(counts + 1);
  return (
    counts >= 0 &&
    earlier.every(([, way]) => way === 'bounced') &&
    later.every(([, way]) => way !== 'bounced')
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
  const { optin_on: said = '' } = row;
  const yes = row.optin_post === 'Y' && said >= '2017-02-28' && said < day;
  if (!(yes || consented.has(id)) || !wasTold(row)) return false;
  if (near(surname, code) === '') return false;
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

/** A letter that may be theirs is lifted only by an act that showed it. */
const lifted = (id: string, stop: Stop, surely: boolean): boolean =>
  (permissionsOf.get(id) ?? []).some(
    (p) =>
      p.signed > stop.received &&
      (p.lifts !== '' ? p.lifts === stop.event : surely && !p.whole && !stop.whole && p.scope === stop.scope),
  );

function isStopped({ id, keys, near: nearKey }: Candidate): boolean {
  const stands = (stop: Stop): boolean => !lifted(id, stop, true);
  if (stopsOf.get(id)?.some(stands)) return true;
  const ofOthers = (stop: Stop): boolean => stop.owner !== id && stands(stop);
  for (const key of keys) {
    if (key === '') continue;
    if (stopsByKey.get(key)?.some(ofOthers) || stopsByMemberKey.get(key)?.some(ofOthers)) return true;
  }
  return (letters.get(nearKey) ?? []).some((stop) => !certain.has(stop) && !lifted(id, stop, false));
}

answer({ released: candidates.filter((candidate) => !isStopped(candidate)).length });

/** Synthetic suppression lists: the club's own, and two in the fixed layouts of MPS and Baby MPS. */
import { join } from 'node:path';
import { date } from './calendar.ts';
import { extractDay, type Identity, identityOf, personOf, streams, type World } from './person.ts';
import { cell, openRows } from './rows.ts';

/**
 * Writes just `entries` entries over the three lists. An eighth of the club's own, half of MPS and a fifth of Baby MPS
 * are members, up to a few per cent of them; the others are people the club has never heard of.
 */
export function writeSuppressions(world: World, dir: string, members: number, entries: number): void {
  const baby = Math.min(Math.floor(entries / 20), 5_000);
  const mps = Math.min(Math.floor(entries / 2), 100_000);
  writeOwn(world, dir, members, entries - mps - baby);
  writeMps(world, dir, members, mps);
  writeBabyMps(world, dir, members, baby);
}

/** A member in `hits` of 1,000 of the first 60,000 entries, else a stranger. */
function someone(world: World, stream: number, entry: number, members: number, hits: number): Identity {
  const { draw } = world;
  draw.at(stream, entry);
  const hit = entry < 60_000 && draw.below(1_000) < hits;
  const row = draw.below(members);
  return hit ? personOf(world, row).identity : identityOf(world, members + stream * 20_000_000 + entry);
}

function writeOwn(world: World, dir: string, members: number, entries: number): void {
  const rows = openRows(join(dir, 'own-stops.csv'));
  rows.add('surname,forename,address,postcode\n');
  for (let entry = 0; entry < entries; entry++) {
    const who = someone(world, streams.own, entry, members, 125);
    if (who.postcode !== '')
      rows.add(`${who.surname},${who.forename},${cell(who.address)},${who.postcode}\n`);
  }
  rows.close();
}

/** MPS Personal, 415 characters a line: type, date, blank, name, address, town, county, postcode, delivery point. */
function writeMps(world: World, dir: string, members: number, entries: number): void {
  const rows = openRows(join(dir, 'mps.txt'));
  for (let entry = 0; entry < entries; entry++) {
    const who = someone(world, streams.mps, entry, members, 500);
    const registered = compact(extractDay - 30 - world.draw.below(3_000));
    const deceased = world.draw.chance(300) ? 'X' : 'P';
    rows.add(
      `${deceased}${registered}${wide('', 16)}${wide('', 20)}${wide(who.forename, 50)}${wide(who.surname, 50)}${wide('', 10)}` +
        `${wide(who.address, 150)}${wide('', 50)}${wide('', 50)}${wide(who.postcode || 'ZZ99 9ZZ', 8)}${wide('', 2)}\n`,
    );
  }
  rows.close();
}

/** Baby MPS, 399 characters a line: expected, registered, name, address, town, county, postcode, e-mail. */
function writeBabyMps(world: World, dir: string, members: number, entries: number): void {
  const rows = openRows(join(dir, 'baby-mps.txt'));
  for (let entry = 0; entry < entries; entry++) {
    const who = someone(world, streams.baby, entry, members, 200);
    const registered = extractDay - 60 - world.draw.below(1_500);
    rows.add(
      `${compact(registered + 120)}${compact(registered)}${wide('', 15)}${wide(who.forename, 25)}${wide(who.surname, 25)}` +
        `${wide(who.address, 96)}${wide('', 32)}${wide('', 32)}${wide(who.postcode || 'ZZ99 9ZZ', 8)}${wide('', 150)}\n`,
    );
  }
  rows.close();
}

/** DDMMCCYY. */
function compact(days: number): string {
  const [year = '', month = '', of = ''] = date(days).split('-');
  return `${of}${month}${year}`;
}

/** Upper case without accents, as those lists are kept, at a fixed width. */
export function wide(text: string, width: number): string {
  return text
    .normalize('NFD')
    .replace(/[^\x20-\x7e’]/g, '')
    .replaceAll('’', "'")
    .toUpperCase()
    .slice(0, width)
    .padEnd(width);
}

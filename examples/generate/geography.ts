/**
 * Where the synthetic people live: 632 areas of Great Britain's parliament, 106 of them the seats of the case,
 * with the postcodes in each. The real ones where the test data are at hand, else an invented country with
 * postcodes that look right and belong to nobody: no real one begins with Q, V or X.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Draw, pick, type Weighted, weighted } from './draw.ts';

export type GeographyName = 'real' | 'synthetic';
export type Geography = {
  readonly name: GeographyName;
  readonly areas: readonly string[];
  /** The areas that are the seats, sorted. */
  readonly seats: readonly string[];
  /** A postcode of an area chosen by its number of electors. */
  drawPostcode(draw: Draw): string;
  /** Every postcode with its area, in a fixed order. */
  eachPostcode(visit: (postcode: string, area: string) => void): void;
};

const repository = resolve(import.meta.dirname, '../..');

/** Where the test data are: `ASTOLD_TEST_DATA`, by default `../shared/data`, from the repository's root. */
export function testData(): string {
  return resolve(repository, process.env.ASTOLD_TEST_DATA ?? '../shared/data');
}

/** The real geography where its files are there, else the synthetic one. */
export function geographyAtHand(): GeographyName {
  return [sectorsFile(), seatsFile()].every((file) => existsSync(file)) ? 'real' : 'synthetic';
}

export function loadGeography(name: GeographyName): Geography {
  return name === 'real' ? realGeography() : syntheticGeography();
}

const sectorsFile = (): string => join(testData(), 'postcodes/sector-units-pcon-GB.tsv.gz');
const seatsFile = (): string => join(testData(), 'elections/constituencies-2015-2017.csv');

function realGeography(): Geography {
  const sectors: string[] = [];
  /** For each area its postcodes, packed: the sector's index times 676, plus the unit. */
  const packed = new Map<string, number[]>();
  for (const line of gunzipSync(readFileSync(sectorsFile())).toString('latin1').split('\n')) {
    const tab = line.indexOf('\t');
    if (tab < 0) continue;
    const sector = sectors.push(line.slice(0, tab)) - 1;
    for (const group of line
      .slice(tab + 1)
      .trim()
      .split(';')) {
      const colon = group.indexOf(':');
      const area = group.slice(0, colon);
      const postcodes = packed.get(area) ?? [];
      packed.set(area, postcodes);
      for (let at = colon + 1; at + 1 < group.length; at += 2) {
        postcodes.push(sector * 676 + (group.charCodeAt(at) - 65) * 26 + group.charCodeAt(at + 1) - 65);
      }
    }
  }
  const facts = readSeats();
  const areas = [...packed.keys()].sort();
  const lists = areas.map((area) => Uint32Array.from(packed.get(area) ?? []));
  const text = (code: number): string => {
    const unit = code % 676;
    return `${sectors[Math.floor(code / 676)]}${letter(Math.floor(unit / 26))}${letter(unit % 26)}`;
  };
  return {
    name: 'real',
    areas,
    seats: [...facts]
      .filter(([, fact]) => fact.rank <= 106)
      .map(([area]) => area)
      .sort(),
    drawPostcode: drawFrom(weighted(areas.map((area) => facts.get(area)?.electors ?? 0)), (area, draw) => {
      const postcodes = lists[area] as Uint32Array;
      return text(postcodes[draw.below(postcodes.length)] as number);
    }),
    eachPostcode(visit) {
      areas.forEach((area, index) => {
        for (const code of lists[index] as Uint32Array) visit(text(code), area);
      });
    },
  };
}

/** The marginal rank (1 is the closest) and the electors of each seat of Great Britain in 2015. */
function readSeats(): ReadonlyMap<string, { rank: number; electors: number }> {
  const [header, ...lines] = readFileSync(seatsFile(), 'utf8').trim().split(/\r?\n/);
  const columns = (header ?? '').split(',');
  const [rank, electors] = [columns.indexOf('gb_marginal_rank15'), columns.indexOf('electorate15')];
  const facts = new Map<string, { rank: number; electors: number }>();
  for (const line of lines) {
    const cells = line.replace(/"[^"]*"/g, (quoted) => quoted.replaceAll(',', ' ')).split(',');
    // Northern Ireland has no rank there, and no postcodes in the file.
    if (cells[0] && cells[rank])
      facts.set(cells[0], { rank: Number(cells[rank]), electors: Number(cells[electors]) });
  }
  return facts;
}

const letters = 'ABDEFGHJLNPQRSTUWXYZ';

function syntheticGeography(): Geography {
  const areas = Array.from({ length: 632 }, (_, i) => `X14${String(i + 1).padStart(6, '0')}`);
  // Eleven districts a town: QA1 ... QA11, QB1 ...; 4,000 postcodes a district, as many in all as there are really.
  const district = (area: number): string => {
    const town = Math.floor(area / 11);
    return `${'QVX'[Math.floor(town / 20)]}${letters[town % 20]}${(area % 11) + 1}`;
  };
  const text = (area: number, code: number): string =>
    `${district(area)} ${Math.floor(code / 400)}${letters[Math.floor(code / 20) % 20]}${letters[code % 20]}`;
  return {
    name: 'synthetic',
    areas,
    seats: areas.filter((_, i) => i % 6 === 1),
    drawPostcode: drawFrom(weighted(areas.map((_, i) => 60_000 + ((i * 7919) % 25_000))), (area, draw) =>
      text(area, draw.below(4_000)),
    ),
    eachPostcode(visit) {
      areas.forEach((area, index) => {
        for (let code = 0; code < 4_000; code++) visit(text(index, code), area);
      });
    },
  };
}

function drawFrom(weights: Weighted, postcode: (area: number, draw: Draw) => string): (draw: Draw) => string {
  return (draw) => postcode(pick(draw, weights), draw);
}

const letter = (n: number): string => String.fromCharCode(65 + n);

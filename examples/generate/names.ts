/** Names and streets: real frequencies where the test data are at hand, else a list of our own. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Draw, pick, weighted } from './draw.ts';
import { testData } from './geography.ts';

export type Names = {
  /** A woman's forename, as given about the year of her birth. */
  forename(draw: Draw, born: number): string;
  surname(draw: Draw): string;
  /** A child's forename, as given in a year. */
  child(draw: Draw, born: number): string;
  street(draw: Draw): string;
};

/** Spellings that folding has to cope with; drawn now and then whatever the list. */
const awkwardForenames = [
  'Zoë',
  'Siân',
  'Renée',
  'Chloé',
  'Anne-Marie',
  'Mary Jane',
  'Sinéad',
  'Zofia',
  'Ayşe',
  'Inês',
];
const awkwardSurnames = [
  "O'Neill",
  'O’Brien',
  'Smith-Jones',
  "D'Souza",
  'Mac Donald',
  'St. John',
  'Ní Bhriain',
  'de la Cruz',
  'Nuñez',
  'Dvořák',
];

export function loadNames(real: boolean): Names {
  const file = (name: string): string => join(testData(), 'names', name);
  const files = [
    'ons-top100-names-1964-1994.csv',
    'ons-baby-names-EW.csv',
    'uk-surnames-500-weighted.csv',
    'uk-street-names-401.txt',
  ];
  return real && files.every((name) => existsSync(file(name))) ? realNames(file) : ownNames();
}

type Picker = (draw: Draw) => string;

function picker(entries: readonly (readonly [string, number])[]): Picker {
  const table = weighted(entries.map(([, weight]) => weight));
  const texts = entries.map(([text]) => text);
  return (draw) => texts[pick(draw, table)] as string;
}

/** Lists give ranks, not counts: the n-th name is given about 1 / (n + 8) as often. */
const byRank = (names: readonly string[]): Picker => picker(names.map((name, i) => [name, 1 / (i + 9)]));

function realNames(file: (name: string) => string): Names {
  const rows = (name: string): string[][] =>
    readFileSync(file(name), 'utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(','));
  const women = new Map<number, string[]>();
  for (const [year, sex, , name] of rows('ons-top100-names-1964-1994.csv')) {
    if (sex === 'F' && name) women.set(Number(year), [...(women.get(Number(year)) ?? []), capitals(name)]);
  }
  const babies = new Map<number, [string, number][]>();
  for (const [year, , name, count] of rows('ons-baby-names-EW.csv')) {
    const list = babies.get(Number(year)) ?? [];
    if (name) list.push([capitals(name), Number(count)]);
    babies.set(Number(year), list);
  }
  const streets = readFileSync(file('uk-street-names-401.txt'), 'utf8').trim().split(/\r?\n/);
  return pickers({
    women: new Map([...women].map(([year, names]) => [year, byRank(names)])),
    children: new Map([...babies].map(([year, names]) => [year, picker(names)])),
    surname: picker(
      rows('uk-surnames-500-weighted.csv').map(([name = '', weight]) => [name, Number(weight)]),
    ),
    street: picker(streets.map((street) => [street, 1])),
  });
}

function ownNames(): Names {
  const words = (text: string): string[] => text.trim().split(/\s+/);
  const street = words(
    'Orchard Mill Station Church Chapel Quarry Meadow Willow Larch Heron Kestrel Harbour Cooper Weaver',
  );
  return pickers({
    women: new Map([
      [
        1975,
        byRank(
          words(`Joanna Tessa Maureen Gemma Lorna Hilary Bridget Yvonne Paula Denise Marion Corinne Leila Farida
        Rosalind Imogen Kirsty Morag Bronwen Gwen Nerys Olwen Isla Catriona Eilidh Fiona Shona Ailsa Mairi Una`),
        ),
      ],
      [
        1990,
        byRank(
          words(`Jade Amber Holly Poppy Kayleigh Bethan Carys Megan Shannon Robyn Kirsten Heather Naomi Leanne
        Stacey Toni Priya Anjali Meera Nadia Samira Yasmin Aisha Zainab Ola Kasia Magda Ewa Ines Marta`),
        ),
      ],
    ]),
    children: new Map([
      [
        2014,
        byRank(
          words(`Oscar Freddie Archie Arlo Reuben Toby Jude Rory Finlay Callum Ivy Elsie Maisie Esme Orla Nancy
        Mabel Iris Thea Willow Hugo Felix Rafi Zayn Idris Amira Layla Noor Leon Kit`),
        ),
      ],
    ]),
    surname: byRank(
      words(`Fletcher Mason Carter Weaver Potter Thatcher Sawyer Tanner Glover Chandler Hooper Barker Dyer Fowler
      Shepherd Gardener Forrester Parkin Hollis Ashby Barlow Crosby Denby Eltham Farley Granby Hadley Ingham Kirby Lumley
      Marsden Norbury Oakley Penrose Quigley Rigby Selby Thornby Ullman Vesey Wetherby Yardley Begum Hussain Kaur Desai Nair
      Okafor Mensah Nowak Kowal Silva Costa Ferrari Novak Horvat Larsen Berg`),
    ),
    street: picker(
      street.flatMap((name) =>
        words('Road Lane Street Close Avenue').map((kind) => [`${name} ${kind}`, 1] as const),
      ),
    ),
  });
}

function pickers(lists: {
  women: ReadonlyMap<number, Picker>;
  children: ReadonlyMap<number, Picker>;
  surname: Picker;
  street: Picker;
}): Names {
  const women = nearest(lists.women);
  const children = nearest(lists.children);
  return {
    forename: (draw, born) =>
      draw.chance(80) ? (awkwardForenames[draw.below(10)] as string) : women(born)(draw),
    surname: (draw) => (draw.chance(120) ? (awkwardSurnames[draw.below(10)] as string) : lists.surname(draw)),
    child: (draw, born) => children(born)(draw),
    street: lists.street,
  };
}

/** The list of the year nearest to the one asked; of two as near, the earlier. */
function nearest(lists: ReadonlyMap<number, Picker>): (year: number) => Picker {
  const years = [...lists.keys()].sort((a, b) => a - b);
  const table = Array.from({ length: 120 }, (_, i) => {
    const best = years.reduce((a, b) => (Math.abs(b - 1930 - i) < Math.abs(a - 1930 - i) ? b : a));
    return lists.get(best) as Picker;
  });
  return (year) => table[Math.min(Math.max(year - 1930, 0), 119)] as Picker;
}

/** MARY-JANE to Mary-Jane. */
function capitals(name: string): string {
  return name.toLowerCase().replace(/(^|[\s'-])\p{L}/gu, (start) => start.toUpperCase());
}

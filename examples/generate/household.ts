/** People of the three small examples: every name, postcode and number invented. */
import { date } from './calendar.ts';
import { createDraw, type Draw } from './draw.ts';
import { type Geography, loadGeography } from './geography.ts';
import { loadNames, type Names } from './names.ts';

export type Small = { readonly draw: Draw; readonly geography: Geography; readonly names: Names };
export type Parent = {
  readonly forename: string;
  readonly surname: string;
  readonly address: string;
  readonly postcode: string;
  readonly email: string;
  readonly born: string;
};

/** The same world for a seed, whatever data are at hand: what is committed must come out the same everywhere. */
export function smallWorld(seed: number): Small {
  return { draw: createDraw(seed), geography: loadGeography('synthetic'), names: loadNames(false) };
}

/** Moves to the row's numbers and draws a parent born about 30 years before `joined` (days). */
export function parentOf({ draw, geography, names }: Small, row: number, joined: number): Parent {
  draw.at(1, row);
  const born = joined - 7_000 - draw.below(4_000) - draw.below(4_000);
  const forename = names.forename(draw, 1970 + Math.floor(born / 365.2425));
  const surname = names.surname(draw);
  return {
    forename,
    surname,
    address: `${1 + draw.below(120)} ${names.street(draw)}`,
    postcode: geography.drawPostcode(draw),
    email: `${forename.slice(0, 1).toLowerCase()}.${row + 1}@mail.example`.replace(/[^\x20-\x7e]/g, 'x'),
    born: date(born),
  };
}

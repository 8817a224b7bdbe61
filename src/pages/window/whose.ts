/** Which of their records something is of, where more than one is shown. */
import { html } from 'hono/html';
import type { Html } from '../frame.ts';
import { heldApart } from './with-name.ts';

/** `name`: null where the record holds none, or none is to stand on a screen. */
export type Whose = { readonly number: number; readonly name: string | null };

/** `record`: how its number is said. */
export const whoseText = (record: (n: number) => string, { number, name }: Whose): Html | string =>
  name === null ? record(number) : html`${record(number)}: ${heldApart(name)}`;

/** Null where there is but one record: nobody need be told whose it is. */
export function whoseOf(
  record: (n: number) => string,
  all: readonly Whose[],
  number: number,
): Html | string | null {
  const found = all.find((each) => each.number === number);
  return all.length < 2 || found === undefined ? null : whoseText(record, found);
}

/** All of them, in their order. */
export const allWhose = (record: (n: number) => string, all: readonly Whose[]): Html =>
  html`${all.map((each, i) => html`${i === 0 ? '' : ', '}${whoseText(record, each)}`)}`;

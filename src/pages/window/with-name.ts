/** Words with the name of a person or an organisation in them. */
import { html } from 'hono/html';
import type { Html } from '../frame.ts';

/** Stands for the name while the words are made: no words hold it. */
const gap = '\uFFFC';

/** The name is held apart: signs in it that turn the direction of writing turn none of the words. */
export function withName(say: (name: string) => string, name: string): Html {
  const [first = '', ...rest] = say(gap).split(gap);
  return html`${first}${rest.map((text) => html`${heldApart(name)}${text}`)}`;
}

export const heldApart = (name: string): Html => html`<bdi>${name}</bdi>`;

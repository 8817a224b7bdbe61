/** Words with the name of a person or an organisation in them. */
import { html } from 'hono/html';
import type { Html } from '../frame.ts';

export const heldApart = (name: string): Html => html`<bdi>${name}</bdi>`;

/** Stands for a name while the words are made: no words hold it. */
const sign = '\uFFFC';
const gap = (at: number): string => `${sign}${at}${sign}`;

const filled = (text: string, parts: readonly Html[]): Html =>
  html`${text.split(/\uFFFC(\d+)\uFFFC/).map((piece, i) => (i % 2 === 0 ? piece : (parts[Number(piece)] ?? '')))}`;

/** The name is held apart: signs in it that turn the direction of writing turn none of the words. */
export const withName = (say: (name: string) => string, name: string): Html => withPart(say, heldApart(name));

/** Of names, or of what somebody wrote, that are held apart already. */
export const withPart = (say: (part: string) => string, part: Html): Html => filled(say(gap(0)), [part]);

/** Each name by itself, as where they are listed. */
export const withNames = (say: (names: readonly string[]) => string, names: readonly string[]): Html =>
  filled(say(names.map((_, at) => gap(at))), names.map(heldApart));

/** Lines, each with the name wherever it stands in it. */
export const linesWithName = (say: (name: string) => readonly string[], name: string): readonly Html[] =>
  say(gap(0)).map((line) => filled(line, [heldApart(name)]));

export const apart = (names: readonly string[]): Html =>
  html`${names.map((name, i) => html`${i === 0 ? '' : ', '}${heldApart(name)}`)}`;

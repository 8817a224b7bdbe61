/** A time, with what it says in words. */
import { html } from 'hono/html';
import type { Html } from '../frame.ts';

export const timeOf = (iso: string, said: (iso: string) => string): Html =>
  html`<time class="time" datetime="${iso}">${said(iso)}</time>`;

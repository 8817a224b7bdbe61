/** Where somebody who signs in was going, from form to form. */
import { html } from 'hono/html';
import type { Html } from './frame.ts';

export const wayField = (to: string | null): Html | '' =>
  to === null ? '' : html`<input type="hidden" name="to" value="${to}">`;

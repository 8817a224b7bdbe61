/** The requests of an organisation, and the page where one is made or changed. */
import { html } from 'hono/html';
import type { Page } from '../../app/flow/cursor.ts';
import type { RequestView } from '../../app/flow/request-view.ts';
import type { Html } from '../frame.ts';
import { briefly, deedForm, field, further, stateTag, table } from './parts.ts';

export const requestTable = (
  home: string,
  caption: string,
  rows: readonly RequestView[],
  none: string,
): Html =>
  table(
    caption,
    rows,
    [
      { head: 'Request', cell: ({ id }) => html`<a href="${home}/requests/${id}">${id}</a>` },
      { head: 'For', cell: ({ recipient }) => recipient },
      { head: 'State', cell: ({ state }) => stateTag(state) },
      { head: 'Since', cell: ({ changedAt }) => briefly(changedAt) },
    ],
    none,
  );

export function requestsBody(shown: {
  readonly home: string;
  readonly requests: Page<RequestView>;
  readonly mayAsk: boolean;
}): Html {
  const { home, requests, mayAsk } = shown;
  return html`${mayAsk ? html`<p class="actions"><a class="button" href="${home}/requests/new">Ask for a release</a></p>` : ''}
${requestTable(home, 'All requests', requests.items, 'Nobody has asked for a release yet.')}
${further(`${home}/requests`, requests.next)}`;
}

export type RequestForm = {
  readonly home: string;
  /** The document as it is typed: YAML, without `prepared-by`. */
  readonly text: string;
  readonly recipient: string;
  /** A recipient asks for its own party alone. */
  readonly recipientFixed: boolean;
  /** 0: a new request. */
  readonly version: number;
  readonly faults: readonly string[];
};

export function requestFormBody(form: RequestForm): Html {
  const { home, text, recipient, recipientFixed, version, faults } = form;
  return html`${faults.length === 0 ? '' : html`<ul class="notice bad" role="alert">${faults.map((fault) => html`<li>${fault}</li>`)}</ul>`}
${deedForm({
  action: `${home}/requests`,
  button: version === 0 ? 'Ask' : 'Change the request',
  hidden: { version: String(version), ...(recipientFixed ? { recipient } : {}) },
  body: html`${recipientFixed ? html`<p>For <strong>${recipient}</strong></p>` : field({ id: 'recipient', label: 'For whom it is sealed', help: 'An organisation of the chain, by its id', value: recipient })}
${field({
  id: 'document',
  label: 'The request',
  rows: 22,
  value: text,
  help: 'As in requests/*.yaml: the agreement, the whole chain of parties, the purposes, the channels, until when it is used and when it is deleted, whom it is about, and which fields.',
})}`,
})}`;
}

/** What somebody begins from who asks for the first time. */
export const requestSketch = `request: new-request
title: What it is for
agreement: id-of-the-agreement
source: id-of-the-source
chain:
  - { organisation: who-gets-it, role: processor, keeps: false, enriches: false, profits: false }
  - { organisation: who-stands-behind, role: controller, basis: eu-gdpr:A6-1-a }
purposes: [dpv:DirectMarketing]
contact-channels: [post]
disclosure-basis: eu-gdpr:A6-1-a
use: { from: 2027-01-01, until: 2027-03-31 }
delete-by: 2027-04-30
audience:
  where: any child age on 2027-01-01 < 5
fields: [forename, surname, address, postcode]
format: csv
`;

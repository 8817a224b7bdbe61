/** What every page of the service is in: its head, who is signed in, where one may go, and how to leave. */
import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { Actor } from '../app/flow/service.ts';
import { english, type Words } from '../words/words.ts';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

export type NavItem = { readonly href: string; readonly text: string; readonly here: boolean };
/** What was just done, or why not; `bad` is read out at once. */
export type Notice = {
  readonly kind: 'good' | 'bad' | 'plain';
  readonly text: string;
  /** Where it is not the page's. */
  readonly language?: string;
};

export type PageParts = {
  /** The page's heading, and its title in the window. */
  readonly title: string;
  /** The heading, where more than text is in it. */
  readonly heading?: Html;
  readonly actor: Actor | null;
  /** As whose staff or member somebody is here. */
  readonly organisation?: { readonly name: string; readonly href: string } | null;
  readonly nav?: readonly NavItem[];
  readonly notice?: Notice | null;
  /** Something is wrong with what was sent: the title of the window says it first, as it is read out first. */
  readonly faulty?: boolean;
  /** Narrow pages ask one thing. */
  readonly narrow?: boolean;
  readonly body: Html;
};

/** A page that is said in English alone: of staff, of programs, or of what went wrong. */
export const page = (parts: PageParts): Html => pageIn(english, parts);

/** A whole page: no script, no style of its own, nothing from elsewhere. Every text is escaped. */
export function pageIn({ language, frame }: Words, parts: PageParts): Html {
  const {
    title,
    heading = title,
    actor,
    organisation = null,
    nav = [],
    notice = null,
    faulty = false,
    narrow = false,
  } = parts;
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${faulty ? frame.faulty(title) : title}${organisation === null ? '' : ` - ${organisation.name}`} - AsTold</title>
<link rel="stylesheet" href="/assets/astold.css">
</head>
<body>
<a class="skip" href="#main">${frame.skip}</a>
<header class="top">
<div class="bar">
<a class="brand" href="/">AsTold</a>
${organisation === null ? '' : html`<a class="organisation" href="${organisation.href}">${organisation.name}</a>`}
${actor === null ? '' : leave(frame, actor)}
</div>
${nav.length === 0 ? '' : html`<nav aria-label="${frame.nav}"><ul>${nav.map(navItem)}</ul></nav>`}
</header>
<main id="main" class="${narrow ? 'narrow' : 'wide'}">
<h1>${heading}</h1>
${notice === null ? '' : noticeOf(notice)}
${parts.body}
</main>
</body>
</html>
`;
}

export function noticeOf({ kind, text, language }: Notice): Html {
  const of = language === undefined ? '' : html` lang="${language}"`;
  return html`<p class="notice ${kind}" role="${kind === 'bad' ? 'alert' : 'status'}"${of}>${text}</p>`;
}

const navItem = ({ href, text, here }: NavItem): Html =>
  here
    ? html`<li><a href="${href}" aria-current="page">${text}</a></li>`
    : html`<li><a href="${href}">${text}</a></li>`;

function leave(frame: Words['frame'], actor: Actor): Html {
  return html`<div class="who">
${actor.kind === 'staff' ? html`<a href="/organisations">${frame.organisations}</a><a href="/auth/staff/sessions">${frame.sessions}</a>` : ''}
<form method="post" action="/auth/sign-out"><button class="quiet">${frame.signOut}</button></form>
</div>`;
}

/** The pages of whoever has a letter, and no account: the code comes in forms, and stands in no address, log or deed. */
import { type Context, Hono } from 'hono';
import { perform } from '../../app/flow/perform.ts';
import { readWorkspace } from '../../app/flow/read-workspace.ts';
import type { LetterHolder, Service } from '../../app/flow/service.ts';
import { findLetter } from '../../app/window/find-letter.ts';
import { letterReceipts } from '../../app/window/letter-receipts.ts';
import { noWords } from '../../app/window/receipt-words.ts';
import { type LetterView, showLetter } from '../../app/window/show-letter.ts';
import { stopByLetter } from '../../app/window/stop-by-letter.ts';
import { passedOnBy } from '../../app/window/write-passed-on.ts';
import type { Receipt } from '../../evidence/receipt.ts';
import type { Html } from '../../pages/frame.ts';
import type { FormFault } from '../../pages/window/form-parts.ts';
import {
  goneLetterPage,
  letterFormPage,
  letterNoticePage,
  letterPage,
  letterStoppedPage,
  stoppedBeforePage,
  unknownLetterPage,
  waitPage,
} from '../../pages/window/letter.ts';
import { parseTraceCode } from '../../supply/trace-code.ts';
import type { Words } from '../../words/words.ts';
import type { Attempts } from '../auth/attempts.ts';
import { sayLanguage, wordsAsked } from '../language.ts';
import { HttpProblem } from '../problems.ts';
import { type DoneNow, doneOnce, newOnce } from './done-once.ts';
import { fieldsOf, requireForm } from './seat.ts';

export type PublicParts = {
  readonly service: Service;
  readonly attempts: Pick<Attempts, 'letter' | 'letterWasKnown' | 'letterOpened' | 'letterStop' | 'file'>;
  /** Of who asks, on the network. */
  addressOf(c: Context): string;
};

export function letterPages(parts: PublicParts): Hono {
  const routes = new Hono();
  routes.get('/letter', (c) => {
    const words = wordsAsked(c);
    return answer(c, words, letterFormPage(words, { typed: '', faults: [] }), 200);
  });
  routes.post('/letter', (c) => withLetter(parts, c, (at) => show(at)));
  routes.post('/letter/notice', (c) => withLetter(parts, c, (at) => notice(at)));
  routes.post('/letter/stop', (c) => withLetter(parts, c, (at) => stop(parts, at)));
  // Whoever loads one of these again begins anew.
  for (const path of ['/letter/notice', '/letter/stop']) routes.get(path, (c) => c.redirect('/letter', 303));
  return routes;
}

type At = {
  readonly c: Context;
  readonly words: Words;
  readonly service: Service;
  readonly holder: LetterHolder;
  readonly fields: Readonly<Record<string, string>>;
};

export async function answer(
  c: Context,
  words: Words,
  page: Html,
  status: 200 | 400 | 404 | 410 | 422 | 429,
): Promise<Response> {
  c.header('Cache-Control', 'no-store');
  sayLanguage(c, words);
  return c.html(await page, status);
}

/** The letter whose code is in the form, for `work`; else the page that says what to do. */
async function withLetter(
  { service, attempts, addressOf }: PublicParts,
  c: Context,
  work: (at: At) => Promise<Response>,
): Promise<Response> {
  requireForm(c);
  const words = wordsAsked(c);
  const fields = await fieldsOf(c);
  const typed = (fields.code ?? '').slice(0, 100);
  const parsed = parseTraceCode(typed);
  if (parsed.kind !== 'code') {
    const faults: readonly FormFault[] = [{ field: 'code', text: faultOf(words, parsed, typed) }];
    return answer(c, words, letterFormPage(words, { typed, faults }), 400);
  }
  const address = addressOf(c);
  const attempt = await attempts.letter(address);
  if (attempt.kind === 'wait')
    return tooMany(c, words, words.letter.wait.codes(attempt.seconds), attempt.seconds);
  // Before it is looked for: that opens the list of every release. The same code again is no guess.
  const opened = await attempts.letterOpened(parsed.code);
  if (opened.kind === 'wait') {
    await attempts.letterWasKnown(address);
    return tooMany(c, words, words.letter.wait.looks(opened.seconds), opened.seconds);
  }
  const holder = await findLetter(service, parsed);
  if (holder === null) return answer(c, words, unknownLetterPage(words), 404);
  await attempts.letterWasKnown(address);
  return work({ c, words, service, holder, fields });
}

type NoCode = Exclude<ReturnType<typeof parseTraceCode>, { kind: 'code' }>;

function faultOf({ letter: { faults } }: Words, parsed: NoCode, typed: string): string {
  if (parsed.kind === 'wrong-check') return faults.check;
  if (parsed.why === 'symbol') return faults.symbol;
  const signs = typed.replace(/[^\p{L}\p{N}]/gu, '').length;
  return signs === 0 ? faults.empty : faults.length(signs);
}

export function tooMany(c: Context, words: Words, text: string, seconds: number): Promise<Response> {
  c.header('Retry-After', String(seconds));
  return answer(c, words, waitPage(words, text), 429);
}

/** Null where the page of what to do instead is the answer. */
async function seen({ service, holder }: At): Promise<LetterView | null> {
  const found = await perform(service, holder, 'show-letter', holder.id, () => showLetter(service, holder));
  return found.kind === 'done' ? found.value : null;
}

async function show(at: At): Promise<Response> {
  const { c, words, holder } = at;
  const view = await seen(at);
  return view === null
    ? gone(at)
    : answer(c, words, letterPage(words, { code: holder.code, once: newOnce() }, view), 200);
}

async function notice(at: At): Promise<Response> {
  const { c, words, holder, fields } = at;
  const view = await seen(at);
  if (view === null) return gone(at);
  const told = /^\d{1,3}$/.test(fields.notice ?? '') ? view.told[Number(fields.notice)] : undefined;
  if (told === undefined || told.layers.length === 0)
    throw new HttpProblem({ code: 'not-found', detail: 'there is no such notice' });
  return answer(c, words, letterNoticePage(words, holder.code, told), 200);
}

/** Loaded again it says the same, and records nothing: it has no address of its own, by which another could read the receipt. */
async function stop({ attempts }: PublicParts, at: At): Promise<Response> {
  const { service, holder, fields } = at;
  const typed = { code: holder.code, once: fields.once ?? '' };
  return doneOnce(
    service,
    holder,
    '/letter/stop',
    typed,
    () => stopNow(attempts, at),
    async (kept) => {
      const events = kept.split(',');
      const found = await perform(service, holder, 'show-letter', holder.id, () =>
        letterReceipts(service, holder, events),
      );
      return found.kind === 'refused' || found.value.receipts.length === 0
        ? stoppedBefore(at)
        : stopped(at, found.value.receipts);
    },
  );
}

async function stopNow(attempts: PublicParts['attempts'], at: At): Promise<DoneNow<Response>> {
  const { c, words, service, holder } = at;
  const attempt = await attempts.letterStop(holder.code);
  if (attempt.kind === 'wait') {
    const { seconds } = attempt;
    return { given: await tooMany(c, words, words.letter.wait.stops(seconds), seconds), kept: null };
  }
  const done = await perform(service, holder, 'stop-by-letter', holder.id, () =>
    stopByLetter(service, holder),
  );
  if (done.kind === 'refused') return { given: await gone(at), kept: null };
  const { receipts } = done.value;
  const kept = receipts.map(({ content }) => content.event).join(',');
  return { given: await stopped(at, receipts), kept };
}

async function stopped({ c, words, service, holder }: At, given: readonly Receipt[]): Promise<Response> {
  const { organisations } = await readWorkspace(service, holder.org);
  const club = await clubOf(service, holder.org);
  const named = (id: string): string => organisations.find((each) => each.id === id)?.legalName ?? id;
  const check = `${service.url}/check`;
  const receipts = given.map((receipt) => ({
    ...{ receipt, club, named, file: null, check, words: noWords },
  }));
  const [first] = given;
  const by = passedOnBy(service, first === undefined ? service.now() : new Date(first.content.at));
  return answer(c, words, letterStoppedPage(words, { club, by, receipts }), 200);
}

/** Whose stop it was may have been erased since, which is not told here (E9). */
async function stoppedBefore({ c, words, service, holder }: At): Promise<Response> {
  return answer(c, words, stoppedBeforePage(words, await clubOf(service, holder.org)), 200);
}

async function gone({ c, words, service, holder }: At): Promise<Response> {
  return answer(c, words, goneLetterPage(words, await clubOf(service, holder.org)), 410);
}

export async function clubOf({ state }: Pick<Service, 'state'>, org: string): Promise<string> {
  return (await state.organisations()).find((each) => each.org === org)?.name ?? org;
}

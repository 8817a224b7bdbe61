/** A letter whose code somebody typed, for the work of its pages; else the page that says what to do. */
import type { Context } from 'hono';
import type { LetterHolder, Service } from '../../app/flow/service.ts';
import { findLetter } from '../../app/window/find-letter.ts';
import type { Html } from '../../pages/frame.ts';
import type { FormFault } from '../../pages/window/form-parts.ts';
import { goneLetterPage, letterFormPage, unknownLetterPage, waitPage } from '../../pages/window/letter.ts';
import { parseTraceCode } from '../../supply/trace-code.ts';
import type { Words } from '../../words/words.ts';
import type { Attempts } from '../auth/attempts.ts';
import { sayLanguage, wordsAsked } from '../language.ts';
import { fieldsOf, requireForm } from './seat.ts';

export type PublicParts = {
  readonly service: Service;
  readonly attempts: Pick<Attempts, 'letter' | 'letterWasKnown' | 'letterOpened' | 'letterStop' | 'file'>;
  /** Of who asks, on the network. */
  addressOf(c: Context): string;
};

export type At = {
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
export async function withLetter(
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

export async function gone({ c, words, service, holder }: At): Promise<Response> {
  return answer(c, words, goneLetterPage(words, await clubOf(service, holder.org)), 410);
}

export async function clubOf({ state }: Pick<Service, 'state'>, org: string): Promise<string> {
  return (await state.organisations()).find((each) => each.org === org)?.name ?? org;
}

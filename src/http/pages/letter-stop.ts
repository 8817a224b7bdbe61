/** The stop of a letter: its receipts, all or as many as are recorded, and the same again to who loads its page again. */
import { perform } from '../../app/flow/perform.ts';
import { readWorkspace } from '../../app/flow/read-workspace.ts';
import { letterReceipts } from '../../app/window/letter-receipts.ts';
import { noWords } from '../../app/window/receipt-words.ts';
import { recordedBefore, SayError, toldOf } from '../../app/window/said-in-part.ts';
import { stopByLetter } from '../../app/window/stop-by-letter.ts';
import { passedOnBy } from '../../app/window/write-passed-on.ts';
import type { Receipt } from '../../evidence/receipt.ts';
import { letterStoppedPage, stoppedBeforePage } from '../../pages/window/letter.ts';
import { type DoneNow, doneOnce } from './done-once.ts';
import { type At, answer, clubOf, gone, type PublicParts, tooMany } from './letter-seat.ts';

/** Loaded again it says the same, and records nothing: it has no address of its own, by which another could read the receipt. */
export async function stopLetter({ attempts }: PublicParts, at: At): Promise<Response> {
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
        : stopped(at, found.value.receipts, false);
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
  // Where it fails, whom they write to is said without asking for it.
  c.set('club', await clubOf(service, holder.org));
  const done = await perform(service, holder, 'stop-by-letter', holder.id, () =>
    stopByLetter(service, holder),
  ).catch((error: unknown) => partly(at, error));
  if (done instanceof Response) return { given: done, kept: null };
  const recorded = recordedBefore(done);
  if (done.kind === 'refused' && recorded.length > 0)
    return { given: await partlyStopped(at, recorded), kept: null };
  if (done.kind === 'refused') return { given: await gone(at), kept: null };
  const { receipts } = done.value;
  const events = receipts.map(({ content }) => content.event);
  return { given: await toldOf(events, () => stopped(at, receipts, false)), kept: events.join(',') };
}

/** What is recorded of it is given with its receipts, as long as they can be read; else by its numbers. */
async function partly(at: At, error: unknown): Promise<Response> {
  if (!(error instanceof SayError)) throw error;
  at.c.set('fault', error.cause);
  return partlyStopped(at, error.recorded).catch(() => {
    throw error;
  });
}

async function partlyStopped(at: At, events: readonly string[]): Promise<Response> {
  const { service, holder } = at;
  const found = await perform(service, holder, 'show-letter', holder.id, () =>
    letterReceipts(service, holder, events),
  );
  return found.kind === 'done' && found.value.receipts.length > 0
    ? stopped(at, found.value.receipts, true)
    : gone(at);
}

/** `partly`: not all of it is recorded, and it can be sent again. */
async function stopped(
  { c, words, service, holder }: At,
  given: readonly Receipt[],
  partly: boolean,
): Promise<Response> {
  const { organisations } = await readWorkspace(service, holder.org);
  const club = await clubOf(service, holder.org);
  const named = (id: string): string => organisations.find((each) => each.id === id)?.legalName ?? id;
  const check = `${service.url}/check`;
  const receipts = given.map((receipt) => ({
    ...{ receipt, club, named, file: null, check, words: noWords },
  }));
  const [first] = given;
  const by = passedOnBy(service, first === undefined ? service.now() : new Date(first.content.at));
  return answer(
    c,
    words,
    letterStoppedPage(words, { club, by, receipts, again: partly ? holder.code : null }),
    200,
  );
}

/** Whose stop it was may have been erased since, which is not told here (E9). */
async function stoppedBefore({ c, words, service, holder }: At): Promise<Response> {
  return answer(c, words, stoppedBeforePage(words, await clubOf(service, holder.org)), 200);
}

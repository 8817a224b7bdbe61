/** A receipt as a page to read, save and print, for whoever may read it; and as the file that `astold verify` checks. */
import { Hono } from 'hono';
import { readReceipt } from '../../app/flow/read-receipt.ts';
import { readWorkspace } from '../../app/flow/read-workspace.ts';
import { wordsOfReceipt } from '../../app/window/receipt-words.ts';
import { type Receipt, receiptFormat } from '../../evidence/receipt.ts';
import { erasedReceiptBody, fileName, receiptBody } from '../../pages/window/receipt.ts';
import { type PagesParts, type Seat, seatedAsEither, seen } from './seat.ts';
import { showWords, wordsOf } from './window-seat.ts';

export function receiptPages(parts: PagesParts): Hono {
  const routes = new Hono();
  // The first that fits is taken.
  routes.get('/organisations/:org/receipts/:file{.+\\.json}', seatedAsEither(parts, file));
  routes.get('/organisations/:org/receipts/:receipt', seatedAsEither(parts, receipt));
  return routes;
}

const readBy = (seat: Seat, id: string) =>
  seen(seat, 'read-receipt', id, () => readReceipt(seat.service, seat.actor, { receipt: id }));

async function file(seat: Seat): Promise<Response> {
  const { c } = seat;
  const id = (c.req.param('file') ?? '').replace(/\.json$/, '');
  const found = await readBy(seat, id);
  c.header('Content-Disposition', `attachment; filename="${fileName(id)}"`);
  c.header('Cache-Control', 'no-store');
  return c.body(`${JSON.stringify(found, null, 2)}\n`, 200, { 'Content-Type': 'application/json' });
}

async function receipt(seat: Seat): Promise<Response> {
  const { c, service, actor, home, name: club } = seat;
  const id = c.req.param('receipt') ?? '';
  const found = await readBy(seat, id);
  const words = wordsOf(seat);
  const at = `${home}/receipts/${encodeURIComponent(id)}.json`;
  if (found.format !== receiptFormat)
    return showWords(seat, {
      title: words.letter.receipt.erasedTitle,
      body: erasedReceiptBody(words, at, id),
    });
  const given = found as unknown as Receipt;
  const { organisations } = await readWorkspace(service, actor.org);
  const named = (of: string): string => organisations.find((each) => each.id === of)?.legalName ?? of;
  const view = {
    ...{ receipt: given, club, named, file: at, check: `${service.url}/check` },
    words: await wordsOfReceipt(service, actor.org, given.content),
  };
  return showWords(seat, { title: words.letter.receipt.title, body: receiptBody(words, view, 2) });
}

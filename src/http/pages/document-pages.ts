/** The pages of documents. */
import { Hono } from 'hono';
import { listDocuments } from '../../app/flow/list-documents.ts';
import { putDocument } from '../../app/flow/put-document.ts';
import { readDocument } from '../../app/flow/read-document.ts';
import { mayPut } from '../../app/flow/second-person.ts';
import { type Refused, refused } from '../../app/flow/service.ts';
import { documentBody, documentsBody, inAddress } from '../../pages/flow/documents.ts';
import { faultLines } from './fault-lines.ts';
import { pageAsked } from './page-asked.ts';
import { ask, fieldsOf, may, type PagesParts, type Seat, seated, seen, sendOn, show } from './seat.ts';

export function documentPages(parts: PagesParts): Hono {
  const routes = new Hono();
  const at = '/organisations/:org/documents';
  routes.get(at, seated(parts, list));
  routes.get(
    `${at}/:path{.+}`,
    seated(parts, (seat) => one(seat, null, null)),
  );
  routes.post(`${at}/:path{.+}`, seated(parts, put));
  return routes;
}

async function list(seat: Seat): Promise<Response> {
  const documents = await seen(seat, 'list-documents', null, () =>
    listDocuments(seat.service, seat.actor, pageAsked(seat)),
  );
  return show(seat, { title: 'Documents', body: documentsBody(seat.home, documents) });
}

const pathOf = ({ c }: Seat): string => c.req.param('path') ?? '';

async function one(seat: Seat, typed: string | null, refusal: Refused | null): Promise<Response> {
  const { service, actor, home } = seat;
  const path = pathOf(seat);
  const document = await seen(seat, 'read-document', path, () => readDocument(service, actor, { path }));
  const agreement = /^agreements\/(.+)\.yaml$/.exec(path)?.[1];
  const body = documentBody({
    ...{ home, document, typed, faults: refusal === null ? [] : faultLines(refusal) },
    // A request is changed where it is asked for.
    mayChange: !path.startsWith('requests/') && mayPut(actor, path.split('/')[0] ?? null),
    agreement: agreement !== undefined && may(seat, 'terminate-agreement') ? agreement : null,
  });
  return show(seat, { title: path, body, refused: refusal });
}

async function put(seat: Seat): Promise<Response> {
  const path = pathOf(seat);
  const { text = '', version } = await fieldsOf(seat.c);
  if (!/^\d{1,9}$/.test(version ?? ''))
    return one(seat, text, refused('input-invalid', 'the form names no version'));
  const answer = await ask(seat, 'put-document', path, () =>
    putDocument(seat.service, seat.actor, { path, text, version: Number(version) }),
  );
  return answer.kind === 'refused'
    ? one(seat, text, answer)
    : sendOn(seat, `/documents/${inAddress(path)}`, 'kept');
}

/** The pages of requests and their checks. */
import { Hono } from 'hono';
import { parse } from 'yaml';
import { approveRequest, approveRequestInput } from '../../app/flow/approve-request.ts';
import { checkRequest } from '../../app/flow/check-request.ts';
import { listRequests } from '../../app/flow/list-requests.ts';
import { ownParty } from '../../app/flow/own-party.ts';
import { refuseRequest, refuseRequestInput } from '../../app/flow/refuse-request.ts';
import { releaseRequest, releaseRequestInput } from '../../app/flow/release-request.ts';
import { requestRelease, requestReleaseInput } from '../../app/flow/request-release.ts';
import { sendBackRequest, sendBackRequestInput } from '../../app/flow/send-back-request.ts';
import { type Answer, type Refused, refused } from '../../app/flow/service.ts';
import { showRequest } from '../../app/flow/show-request.ts';
import { withdrawRequest, withdrawRequestInput } from '../../app/flow/withdraw-request.ts';
import { requestBody } from '../../pages/flow/request.ts';
import { type RequestForm, requestFormBody, requestSketch, requestsBody } from '../../pages/flow/requests.ts';
import { places } from '../places.ts';
import { madeBy } from '../subject.ts';
import { faultLines } from './fault-lines.ts';
import { namesOf } from './names-of.ts';
import { pageAsked } from './page-asked.ts';
import { ask, fieldsOf, may, type PagesParts, type Seat, seated, seen, sendOn, show } from './seat.ts';

export function requestPages(parts: PagesParts): Hono {
  const routes = new Hono();
  const at = '/organisations/:org/requests';
  routes.get(at, seated(parts, list));
  routes.get(
    `${at}/new`,
    seated(parts, (seat) => form(seat, blank(seat), null)),
  );
  routes.post(at, seated(parts, make));
  routes.get(
    `${at}/:request`,
    seated(parts, (seat) => one(seat, null)),
  );
  routes.get(`${at}/:request/change`, seated(parts, change));
  routes.post(`${at}/:request/checks`, seated(parts, check));
  routes.post(
    `${at}/:request/approval`,
    seated(parts, (seat) => decide(seat, 'approve-request')),
  );
  routes.post(
    `${at}/:request/return`,
    seated(parts, (seat) => decide(seat, 'send-back-request')),
  );
  routes.post(
    `${at}/:request/refusal`,
    seated(parts, (seat) => decide(seat, 'refuse-request')),
  );
  routes.post(
    `${at}/:request/withdrawal`,
    seated(parts, (seat) => decide(seat, 'withdraw-request')),
  );
  routes.post(`${at}/:request/release`, seated(parts, release));
  return routes;
}

async function list(seat: Seat): Promise<Response> {
  const requests = await seen(seat, 'list-requests', null, () =>
    listRequests(seat.service, seat.actor, pageAsked(seat)),
  );
  const body = requestsBody({ home: seat.home, requests, mayAsk: may(seat, 'request-release') });
  return show(seat, { title: 'Requests', body });
}

const idOf = ({ c }: Seat): string => c.req.param('request') ?? '';

async function one(seat: Seat, refusal: Refused | null): Promise<Response> {
  const { c, service, actor, home } = seat;
  const request = await seen(seat, 'show-request', idOf(seat), () =>
    showRequest(service, actor, { request: idOf(seat) }),
  );
  const runs = [...request.checks, ...request.releases];
  if (refusal === null && runs.some(({ state }) => state === 'queued' || state === 'running'))
    c.header('Refresh', `2; url=${c.req.path}`);
  const names = await namesOf(service, [request.preparedBy, ...request.events.map(({ by }) => by)]);
  const useCases = {
    check: 'check-request',
    decide: 'approve-request',
    release: 'release-request',
    withdraw: 'withdraw-request',
    change: 'request-release',
  } as const;
  const body = requestBody({
    home,
    request,
    names,
    may: (what) => may(seat, useCases[what]),
    own: request.preparedBy === actor.id,
  });
  return show(seat, { title: request.id, body, refused: refusal });
}

function blank({ actor, home }: Seat): RequestForm {
  const party = ownParty(actor);
  // What a party asks for is named after it.
  const text = party === null ? requestSketch : requestSketch.replace(/^request: /, `$&${party}-`);
  return {
    ...{ home, text, version: 0, faults: [] },
    recipient: party ?? '',
    recipientFixed: party !== null,
  };
}

async function change(seat: Seat): Promise<Response> {
  const { service, actor } = seat;
  const { document, recipient, version } = await seen(seat, 'show-request', idOf(seat), () =>
    showRequest(service, actor, { request: idOf(seat) }),
  );
  // Who prepared it is whoever changes it.
  const text = document.replace(/^prepared-by:.*\n/m, '');
  return form(seat, { ...blank(seat), text, recipient, version }, null);
}

function form(seat: Seat, shown: RequestForm, refusal: Refused | null): Promise<Response> {
  const faults = refusal === null ? [] : faultLines(refusal);
  const title = shown.version === 0 ? 'Ask for a release' : 'Change a request';
  return show(seat, { title, body: requestFormBody({ ...shown, faults }), refused: refusal });
}

async function make(seat: Seat): Promise<Response> {
  const { service, actor } = seat;
  const { document = '', recipient = '', version = '' } = await fieldsOf(seat.c);
  const typed = { ...blank(seat), text: document, recipient, version: Number(version) };
  const input = requestReleaseInput.safeParse({
    document: yaml(document),
    recipient,
    version: Number(version),
  });
  if (!input.success)
    return form(
      seat,
      typed,
      refused('input-invalid', 'the request, its agreement and its source each have an id'),
    );
  const answer = await ask(seat, 'request-release', madeBy(places['request-release']), () =>
    requestRelease(service, actor, input.data),
  );
  return answer.kind === 'refused'
    ? form(seat, typed, answer)
    : sendOn(seat, `/requests/${answer.value.id}`, 'requested');
}

/** Null where it is none: the schema then refuses it. */
function yaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch {
    return null;
  }
}

async function check(seat: Seat): Promise<Response> {
  const { service, actor } = seat;
  const answer = await ask(seat, 'check-request', idOf(seat), () =>
    checkRequest(service, actor, { request: idOf(seat) }),
  );
  return answer.kind === 'refused'
    ? one(seat, answer)
    : sendOn(seat, `/checks/${answer.value.id}`, 'check-asked');
}

/** What an officer, or its own side, does with a request; each form is read by the schema of its use case. */
const decisions = {
  'approve-request': [approveRequest, approveRequestInput, 'approved'],
  'send-back-request': [sendBackRequest, sendBackRequestInput, 'sent-back'],
  'refuse-request': [refuseRequest, refuseRequestInput, 'refused'],
  'withdraw-request': [withdrawRequest, withdrawRequestInput, 'withdrawn'],
} as const;

async function decide(seat: Seat, useCase: keyof typeof decisions): Promise<Response> {
  const { service, actor } = seat;
  const request = idOf(seat);
  const fields = await fieldsOf(seat.c);
  const words =
    fields.words ?? fields['return-words'] ?? fields['refusal-words'] ?? fields['withdrawal-words'];
  const [run, schema, said] = decisions[useCase];
  const check = useCase === 'approve-request' ? { check: fields.check } : {};
  const input = schema.safeParse({ request, version: Number(fields.version), words, ...check });
  if (!input.success)
    return one(seat, refused('input-invalid', 'say why, in words, in no more than 4,000 characters'));
  const answer: Answer<unknown> = await ask<unknown>(seat, useCase, request, () =>
    run(service, actor, input.data as never),
  );
  return answer.kind === 'refused' ? one(seat, answer) : sendOn(seat, `/requests/${request}`, said);
}

async function release(seat: Seat): Promise<Response> {
  const request = idOf(seat);
  const { version } = await fieldsOf(seat.c);
  const input = releaseRequestInput.safeParse({ request, version: Number(version) });
  if (!input.success) return one(seat, refused('input-invalid', 'the form names no version'));
  const answer = await ask(seat, 'release-request', request, () =>
    releaseRequest(seat.service, seat.actor, input.data),
  );
  return answer.kind === 'refused'
    ? one(seat, answer)
    : sendOn(seat, `/requests/${request}`, 'release-asked');
}

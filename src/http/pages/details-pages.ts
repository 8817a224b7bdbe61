/** The pages on which a member sees their own: who has it, what they were told, what is held, what they said, and a proof. */
import { Hono } from 'hono';
import { heldDays } from '../../app/flow/contact-changes.ts';
import {
  type MembershipProof,
  proveMembership,
  proveMembershipInput,
} from '../../app/window/prove-membership.ts';
import { type Details, type detailsParts, mostProvable, showDetails } from '../../app/window/show-details.ts';
import { detailsBody, releaseBody } from '../../pages/window/details.ts';
import { heldBody, saidBody } from '../../pages/window/held-and-said.ts';
import { answersTable } from '../../pages/window/passed-on.ts';
import { proofBody, proveBody } from '../../pages/window/prove.ts';
import { noticeBody, toldBody } from '../../pages/window/told.ts';
import { toldStop } from '../../pages/window/told-stop.ts';
import { dayOf } from '../../policy/dates.ts';
import { HttpProblem } from '../problems.ts';
import { showNoRecord } from './no-record.ts';
import { type PagesParts, type Seat, seen } from './seat.ts';
import { asMember, type MemberSeat, showWords, wordsOf } from './window-seat.ts';

export function detailsPages(parts: PagesParts): Hono {
  const routes = new Hono();
  const at = '/organisations/:org';
  routes.get(`${at}/details/lists/:release`, asMember(parts, release));
  routes.get(`${at}/details/told`, asMember(parts, told));
  routes.get(`${at}/details/told/:notice`, asMember(parts, notice));
  routes.get(`${at}/details/held`, asMember(parts, held));
  routes.get(`${at}/details/said`, asMember(parts, said));
  routes.get(`${at}/prove`, asMember(parts, provable));
  routes.get(`${at}/prove/:release`, asMember(parts, proof));
  routes.get(`${at}/prove/:release/proof.json`, asMember(parts, proofFile));
  routes.get(`${at}/prove/:release/manifest.json`, asMember(parts, manifestFile));
  return routes;
}

const detailsOf = (seat: Seat, part: (typeof detailsParts)[number]): Promise<Details> =>
  seen(seat, 'show-details', null, () => showDetails(seat.service, seat.actor, { part }));

const nothing = (): HttpProblem =>
  new HttpProblem({ code: 'not-found', detail: 'nothing of yours is there' });

/** The first page of an organisation, to a member of it. */
export async function memberPage(seat: Seat): Promise<Response> {
  const { home, name } = seat;
  const words = wordsOf(seat).details;
  const details = await detailsOf(seat, 'releases');
  const today = todayOf(seat);
  const body = detailsBody(words, { home, club: name, details, heldDays, today });
  return showWords(seat, { title: words.title, body });
}

const todayOf = ({ service }: Seat): string => dayOf(service.now().getTime());

async function release(seat: MemberSeat): Promise<Response> {
  const words = wordsOf(seat).details;
  const { home, name: club } = seat;
  const { releases, records, passedOn = [] } = await detailsOf(seat, 'releases');
  if (records.length === 0) return showNoRecord(seat);
  const found = releases?.items.find(({ release: id }) => id === seat.c.req.param('release'));
  if (found === undefined) throw nothing();
  const items = passedOn.filter((each) => each.release === found.release);
  const today = todayOf(seat);
  const since =
    items.length === 0
      ? null
      : {
          body: answersTable(wordsOf(seat), { home, club, items, today, records }),
          yours: items.every(({ yours }) => yours),
        };
  const { madeOf } = found;
  const unstopped = madeOf === null ? null : words.release.useWords(madeOf.useFrom, madeOf.useUntil);
  const stop = toldStop(words, { records: found.records, items, today, unstopped });
  const body = releaseBody(words, { home, release: found, many: records.length > 1, since, stop });
  return showWords(seat, { title: found.madeOf?.title ?? found.release, body });
}

async function told(seat: MemberSeat): Promise<Response> {
  const words = wordsOf(seat).details;
  const details = await detailsOf(seat, 'told');
  if (details.told === undefined || details.records.length === 0) return showNoRecord(seat);
  return showWords(seat, {
    title: words.told.heading,
    body: toldBody(words, { home: seat.home, told: details.told }),
  });
}

async function notice(seat: MemberSeat): Promise<Response> {
  const words = wordsOf(seat).details;
  const { told: shown, records } = await detailsOf(seat, 'told');
  if (records.length === 0) return showNoRecord(seat);
  const found = shown?.notices.find(({ number }) => String(number) === seat.c.req.param('notice'));
  if (found === undefined) throw nothing();
  return showWords(seat, {
    title: words.told.title(words.told.called(found.collectedBy, found.shownFrom)),
    body: noticeBody(words, seat.home, found),
  });
}

async function held(seat: MemberSeat): Promise<Response> {
  const words = wordsOf(seat).details;
  const details = await detailsOf(seat, 'held');
  if (details.held === undefined || details.records.length === 0) return showNoRecord(seat);
  return showWords(seat, { title: words.held.heading, body: heldBody(words, seat.home, details.held) });
}

async function said(seat: MemberSeat): Promise<Response> {
  const words = wordsOf(seat).details;
  const details = await detailsOf(seat, 'said');
  if (details.said === undefined || details.records.length === 0) return showNoRecord(seat);
  const body = saidBody(words, seat.home, details.said, details.records);
  return showWords(seat, { title: words.said.heading, body });
}

async function provable(seat: MemberSeat): Promise<Response> {
  const words = wordsOf(seat).details;
  const { provable: lists, records } = await detailsOf(seat, 'provable');
  if (lists === undefined || records.length === 0) return showNoRecord(seat);
  const shown = { home: seat.home, lists, most: mostProvable, many: records.length > 1 };
  return showWords(seat, { title: words.prove.heading, body: proveBody(words, shown) });
}

type Asked = { readonly id: string; readonly record: number; readonly made: MembershipProof };

async function proved(seat: Seat): Promise<Asked> {
  const { c, service, actor } = seat;
  const input = proveMembershipInput.safeParse({
    release: c.req.param('release'),
    record: c.req.query('record'),
  });
  if (!input.success) throw nothing();
  const { release: id, record } = input.data;
  const made = await seen(seat, 'prove-membership', id, () => proveMembership(service, actor, input.data));
  return { id, record, made };
}

async function proof(seat: MemberSeat): Promise<Response> {
  const words = wordsOf(seat).details;
  const { provable: lists = [], records } = await detailsOf(seat, 'provable');
  if (records.length === 0) return showNoRecord(seat);
  const { id, record, made } = await proved(seat);
  const body = proofBody(words, { home: seat.home, release: id, record, made });
  const title = lists.find(({ release: of }) => of === id)?.title ?? id;
  return showWords(seat, { title: words.prove.title(title), body });
}

/** Both as files, to keep and to show; word for word, for a digest of the one is in the other. */
async function proofFile(seat: Seat): Promise<Response> {
  const { id, made } = await proved(seat);
  return asFile(seat, `proof-${id}`, JSON.stringify(made.proof));
}

async function manifestFile(seat: Seat): Promise<Response> {
  const { id, made } = await proved(seat);
  return asFile(seat, `manifest-${id}`, made.manifest);
}

function asFile({ c }: Seat, name: string, text: string): Response {
  c.header('Content-Type', 'application/json');
  c.header('Content-Disposition', `attachment; filename="${name.replaceAll(/[^A-Za-z0-9-]/g, '')}.json"`);
  c.header('Cache-Control', 'no-store');
  return c.body(text);
}

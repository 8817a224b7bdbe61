/** Somebody at a page: who they are, for which organisation, and the frame that what they see is in. */
import type { Context } from 'hono';
import { isAllowed, type UseCase } from '../../app/flow/access.ts';
import type { AccountsService } from '../../app/flow/accounts.ts';
import { perform, type Subject } from '../../app/flow/perform.ts';
import type { Actor, Answer, Refused } from '../../app/flow/service.ts';
import { type Html, type NavItem, type Notice, pageIn } from '../../pages/frame.ts';
import { english, type Words } from '../../words/words.ts';
import type { ActorOf } from '../api/who-asks.ts';
import { sayLanguage } from '../language.ts';
import { HttpProblem, problemKinds } from '../problems.ts';
import type { RequestRate } from '../rate-limit.ts';
import { isText, readForm } from '../read-form.ts';
import { subjectOfDeed } from '../subject.ts';
import { homeOf } from '../way-back.ts';
import { type Said, saidText } from './said.ts';
import { askMember, askStaff, askWhich } from './sign-in-first.ts';

export type PagesParts = {
  readonly service: AccountsService;
  readonly actorOf: ActorOf;
  readonly rate: RequestRate;
};

export type Seat = {
  readonly c: Context;
  readonly service: AccountsService;
  readonly actor: Actor;
  readonly name: string;
  /** The path of the organisation, without a slash at its end. */
  readonly home: string;
};

type Work = (seat: Seat) => Promise<Response>;
type Page = (c: Context) => Promise<Response>;

/** Nobody is sent to sign in, and led back. What a form held is not lost. Of an organisation that gave them no role, nothing is there. */
export const seated = (parts: PagesParts, work: Work): Page => seatedElse(parts, askStaff, work);

/** Of a page that is a member's and staff's: nobody is asked which of the two they are, and led back to it. */
export const seatedAsEither = (parts: PagesParts, work: Work): Page => seatedElse(parts, askWhich, work);

/** Of a page that members are led to: nobody is sent to sign in as one, and led back. What a form held is not lost. */
export const seatedAsPerson = (parts: PagesParts, work: Work): Page => seatedElse(parts, askMember, work);

function seatedElse({ service, actorOf, rate }: PagesParts, signIn: Page, work: Work): Page {
  return async (c) => {
    requireForm(c);
    const org = c.req.param('org') ?? '';
    if (!Object.values(c.req.param()).every(isText))
      throw new HttpProblem({ code: 'not-found', detail: 'nothing is called that' });
    const known = (await service.state.organisations()).find((each) => each.org === org);
    const actor = known === undefined ? null : await actorOf(c.req.raw, org);
    if (actor === null) return signIn(c);
    if (known === undefined || (actor.kind !== 'member' && actor.roles.size === 0))
      throw new HttpProblem({
        code: 'not-found',
        detail: 'no organisation of that name has given you a role',
      });
    c.set('club', known.name);
    await rate.ofActor(actor);
    return work({ c, service, actor, name: known.name, home: homeOf(org) });
  };
}

export const may = ({ actor }: Seat, useCase: UseCase): boolean => isAllowed(actor, useCase);

/** Through the table of who may do what, with its deed. */
export const ask = <T>(
  { service, actor }: Seat,
  useCase: UseCase,
  subject: Subject<T>,
  run: () => Promise<Answer<T>>,
): Promise<Answer<T>> => perform(service, actor, useCase, subjectOfDeed(useCase, subject), run);

/** The value; what was refused to somebody who only looks is a page that says so. */
export async function seen<T>(
  seat: Seat,
  useCase: UseCase,
  subject: Subject<T>,
  run: () => Promise<Answer<T>>,
): Promise<T> {
  const answer = await ask(seat, useCase, subject, run);
  if (answer.kind === 'done') return answer.value;
  const isOfStaff = seat.actor.kind === 'member' && answer.code === 'not-allowed';
  throw new HttpProblem({
    code: answer.code,
    detail: isOfStaff ? 'this page is for the people who work there; what is yours is here' : answer.message,
  });
}

export type Shown = {
  readonly title: string;
  readonly body: Html;
  readonly refused?: Refused | null;
  /** Something is wrong with what was sent: the title of the window says it first. */
  readonly faulty?: boolean;
};

/** A page of staff alone, which is in English. */
export const show = (seat: Seat, shown: Shown): Promise<Response> => showIn(english, seat, shown);

export async function showIn(
  words: Words,
  seat: Seat,
  { title, body, refused = null, faulty = false }: Shown,
): Promise<Response> {
  const { c, actor, name, home } = seat;
  const html = await pageIn(words, {
    title,
    faulty: faulty || refused !== null,
    actor,
    organisation: { name, href: home },
    nav: navOf(words, seat),
    notice: refused === null ? saidText(words, c.req.query('said')) : refusal(words, refused),
    body,
  });
  c.header('Cache-Control', 'no-store');
  sayLanguage(c, words);
  return c.html(html, refused === null ? 200 : (problemKinds[refused.code].status as 422));
}

/** Use cases say why in English: on a page of another language it is marked as that. */
const refusal = ({ language }: Words, { message }: Refused): Notice => ({
  kind: 'bad',
  text: `${message.slice(0, 1).toUpperCase()}${message.slice(1)}.`,
  ...(language === english.language ? {} : { language: english.language }),
});

/** To a page that says what was done. */
export const sendOn = ({ c, home }: Seat, path: string, said: Said): Response =>
  c.redirect(`${home}${path}?said=${said}`, 303);

/** The texts of a form; a file, or a field given twice, counts as none. Throws HttpProblem `input-invalid`. */
export async function fieldsOf(c: Context): Promise<Readonly<Record<string, string>>> {
  const body = await readForm(c, {});
  if (Object.values(body).some((value) => typeof value === 'string' && !isText(value)))
    throw new HttpProblem({ code: 'input-invalid', detail: 'the form holds a character that is none' });
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value.replaceAll('\r\n', '\n')]] : [],
    ),
  );
}

const forms = ['application/x-www-form-urlencoded', 'multipart/form-data'];

/** What asks where a request comes from looks at forms alone (`csrf`): nothing else is sent to a page. */
export function requireForm(c: Context): void {
  const [type = ''] = (c.req.header('Content-Type') ?? '').toLowerCase().split(';');
  if (!['GET', 'HEAD'].includes(c.req.method) && !forms.includes(type.trim()))
    throw new HttpProblem({ code: 'content-type-unknown', detail: 'a page takes forms, and nothing else' });
}

type Place = keyof Words['frame']['places'];

const pages: readonly (readonly [path: string, place: Place, useCase: UseCase])[] = [
  ['/desk', 'desk', 'list-unresolved'],
  ['/requests', 'requests', 'list-requests'],
  ['/releases', 'releases', 'list-releases'],
  ['/duties', 'duties', 'list-duties'],
  ['/passed-on', 'passedOn', 'list-passed-on'],
  ['/answers', 'answers', 'list-answers'],
  ['/freezes', 'freezes', 'list-freezes'],
  ['/documents', 'documents', 'list-documents'],
  ['/people', 'people', 'list-roles'],
  ['/deeds', 'deeds', 'list-deeds'],
];

function navOf({ frame: { places } }: Words, seat: Seat): readonly NavItem[] {
  const { c, home, actor } = seat;
  const here = c.req.path;
  const own = actor.kind === 'member' ? places.own : places.inbox;
  const first = { href: home, text: own, here: here === home };
  const rest = pages
    .filter(([, , useCase]) => may(seat, useCase))
    .map(([path, place]) => ({
      href: `${home}${path}`,
      text: places[place],
      here: here.startsWith(`${home}${path}`),
    }));
  return [first, ...rest];
}

/** Somebody at a page: who they are, for which organisation, and the frame that what they see is in. */
import type { Context } from 'hono';
import { isAllowed, type UseCase } from '../../app/flow/access.ts';
import type { AccountsService } from '../../app/flow/accounts.ts';
import { perform } from '../../app/flow/perform.ts';
import type { Actor, Answer, Refused } from '../../app/flow/service.ts';
import { faultMessage } from '../../documents/fault.ts';
import { type Html, type NavItem, type Notice, page } from '../../pages/frame.ts';
import type { ActorOf } from '../api/who-asks.ts';
import { HttpProblem, problemKinds } from '../problems.ts';
import { type Said, saidText } from './said.ts';

export type PagesParts = { readonly service: AccountsService; readonly actorOf: ActorOf };

export type Seat = {
  readonly c: Context;
  readonly service: AccountsService;
  readonly actor: Actor;
  readonly name: string;
  /** The path of the organisation, without a slash at its end. */
  readonly home: string;
};

export const homeOf = (org: string): string => `/organisations/${org}`;

/** Nobody is sent to sign in; of an organisation that gave them no role, nothing is there. */
export function seated(
  { service, actorOf }: PagesParts,
  work: (seat: Seat) => Promise<Response>,
): (c: Context) => Promise<Response> {
  return async (c) => {
    const org = c.req.param('org') ?? '';
    const known = (await service.state.organisations()).find((each) => each.org === org);
    const actor = known === undefined ? null : await actorOf(c.req.raw, org);
    if (actor === null) return c.redirect('/auth/staff/sign-in', 303);
    if (known === undefined || (actor.kind !== 'member' && actor.roles.size === 0))
      throw new HttpProblem({
        code: 'not-found',
        detail: 'no organisation of that name has given you a role',
      });
    return work({ c, service, actor, name: known.name, home: homeOf(org) });
  };
}

export const may = ({ actor }: Seat, useCase: UseCase): boolean => isAllowed(actor, useCase);

/** Through the table of who may do what, with its deed. */
export const ask = <T>(
  { service, actor }: Seat,
  useCase: UseCase,
  subject: string | null,
  run: () => Promise<Answer<T>>,
): Promise<Answer<T>> => perform(service, actor, useCase, subject, run);

/** The value; what was refused to somebody who only looks is a page that says so. */
export async function seen<T>(
  seat: Seat,
  useCase: UseCase,
  subject: string | null,
  run: () => Promise<Answer<T>>,
): Promise<T> {
  const answer = await ask(seat, useCase, subject, run);
  if (answer.kind === 'done') return answer.value;
  throw new HttpProblem({ code: answer.code, detail: answer.message });
}

export type Shown = { readonly title: string; readonly body: Html; readonly refused?: Refused | null };

export async function show(seat: Seat, { title, body, refused = null }: Shown): Promise<Response> {
  const { c, actor, name, home } = seat;
  const html = await page({
    title,
    actor,
    organisation: { name, href: home },
    nav: navOf(seat),
    notice: refused === null ? saidText(c.req.query('said')) : refusal(refused),
    body,
  });
  c.header('Cache-Control', 'no-store');
  return c.html(html, refused === null ? 200 : (problemKinds[refused.code].status as 422));
}

const refusal = ({ message }: Refused): Notice => ({
  kind: 'bad',
  text: `${message.slice(0, 1).toUpperCase()}${message.slice(1)}.`,
});

/** What is wrong with documents, a line each. */
export const faultLines = ({ faults = [] }: Refused): readonly string[] =>
  faults.map((fault) => `${fault.file}:${fault.line}:${fault.column} ${faultMessage(fault)}`);

/** To a page that says what was done. */
export const sendOn = ({ c, home }: Seat, path: string, said: Said): Response =>
  c.redirect(`${home}${path}?said=${said}`, 303);

/** The texts of a form; a file, or a field given twice, counts as none. */
export async function fieldsOf(c: Context): Promise<Readonly<Record<string, string>>> {
  const body = await c.req.parseBody();
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value.replaceAll('\r\n', '\n')]] : [],
    ),
  );
}

const pages: readonly (readonly [path: string, text: string, useCase: UseCase])[] = [
  ['/requests', 'Requests', 'list-requests'],
  ['/releases', 'Releases', 'list-releases'],
  ['/duties', 'Duties', 'list-duties'],
  ['/freezes', 'Freezes', 'list-freezes'],
  ['/documents', 'Documents', 'list-documents'],
  ['/people', 'People', 'list-roles'],
  ['/deeds', 'Deeds', 'list-deeds'],
];

function navOf(seat: Seat): readonly NavItem[] {
  const { c, home, actor } = seat;
  const here = c.req.path;
  const first = { href: home, text: actor.kind === 'member' ? 'Your details' : 'Inbox', here: here === home };
  const rest = pages
    .filter(([, , useCase]) => may(seat, useCase))
    .map(([path, text]) => ({ href: `${home}${path}`, text, here: here.startsWith(`${home}${path}`) }));
  return [first, ...rest];
}

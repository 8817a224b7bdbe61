/** Staff sign in: a password, then a second factor. A password alone opens the page that sets one up, and nothing else. */
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { Notice } from '../../pages/frame.ts';
import { secondFactorPage } from '../../pages/second-factor.ts';
import { setUpPage } from '../../pages/set-up-second-factor.ts';
import { signInPage } from '../../pages/sign-in.ts';
import { isFirstUse, newFactor } from './new-factor.ts';
import {
  afterwards,
  answered,
  endOther,
  fieldsOf,
  giveCookies,
  landing,
  type RouteOptions,
  sendOn,
  show,
  tooMany,
} from './page-answers.ts';
import { organisationsOf } from './roles-of.ts';
import { staffSession } from './session-of.ts';

const wrong = { kind: 'bad', text: 'The address or the password is not right.' } as const;
const wrongCode = {
  kind: 'bad',
  text: 'That code is not right, or was used. Wait for the next one.',
} as const;
const startAgain = { kind: 'bad', text: 'That took too long. Sign in again.' } as const;
const notices: ReadonlyMap<string, Notice> = new Map<string, Notice>([
  ['again', startAgain],
  ['set', { kind: 'good', text: 'Your password is set. Sign in with it.' }],
]);

const signInFields = z.object({
  email: z.string().trim().min(1).max(254),
  password: z.string().min(1).max(128),
});
const afterPassword = z.object({ twoFactorRedirect: z.literal(true) });
const afterCode = z.object({ user: z.object({ id: z.string() }) });
const failure = z.object({ code: z.string() });

export function staffSignInRoutes(options: RouteOptions): Hono {
  const routes = new Hono();
  routes.get('/sign-in', (c) =>
    show(
      c,
      signInPage({
        notice: notices.get(c.req.query('after') ?? '') ?? null,
        email: '',
        to: going(c.req.query()),
      }),
      200,
    ),
  );
  routes.post('/sign-in', (c) => signIn(c, options));
  routes.get('/second-factor', (c) =>
    show(c, secondFactorPage({ notice: null, to: going(c.req.query()) }), 200),
  );
  routes.post('/second-factor', (c) => secondFactor(c, options));
  routes.get('/set-up', (c) =>
    setUp(c, options, async () => show(c, setUpPage({ factor: null, notice: null }), 200)),
  );
  routes.post('/set-up', (c) => setUp(c, options, () => finishSetUp(c, options)));
  routes.post('/set-up/again', (c) => setUp(c, options, () => setUpAgain(c, options)));
  return routes;
}

async function signIn(c: Context, { auths, addressOf }: RouteOptions): Promise<Response> {
  const fields = await fieldsOf(c);
  const to = going(fields);
  const parsed = signInFields.safeParse(fields);
  if (!parsed.success) return show(c, signInPage({ notice: wrong, email: '', to }), 401);
  const { email, password } = parsed.data;
  const asking = { address: addressOf(c), account: email };
  const attempt = await auths.attempts.password(asking);
  if (attempt.kind === 'wait') return tooMany(c, attempt);
  const { headers } = c.req.raw;
  const answer = await answered(
    auths.staff.api.signInEmail({ body: { email, password }, headers, asResponse: true }),
  );
  if (answer.status !== 200) return show(c, signInPage({ notice: wrong, email, to }), 401);
  await auths.attempts.passwordWasRight(asking);
  await endOther(c, auths.members);
  giveCookies(c, answer);
  if (afterPassword.safeParse(await answer.json()).success)
    return sendOn(c, withWay('/auth/staff/second-factor', to));
  const factor = await newFactor(auths, afterwards(headers, answer), password);
  return factor === null
    ? sendOn(c, '/auth/staff/set-up')
    : show(c, setUpPage({ factor, notice: null }), 200);
}

async function secondFactor(c: Context, options: RouteOptions): Promise<Response> {
  const { auths } = options;
  const attempt = await auths.attempts.code(options.addressOf(c));
  if (attempt.kind === 'wait') return tooMany(c, attempt);
  const { headers } = c.req.raw;
  // Of a session that stands better-auth would not count what is tried.
  if ((await staffSession(auths, headers)) !== null) return sendOn(c, '/organisations');
  const fields = await fieldsOf(c);
  const to = going(fields);
  const code = codeIn(fields);
  if (code === null) return show(c, secondFactorPage({ notice: wrongCode, to }), 401);
  const asked = { body: { code }, headers, asResponse: true } as const;
  const answer = await answered(
    isTotp(code) ? auths.staff.api.verifyTOTP(asked) : auths.staff.api.verifyBackupCode(asked),
  );
  if (answer.status !== 200) return refuseCode(c, answer, to);
  return enter(c, options, answer, { code, to });
}

/** With the session that saw the second factor; a code that was used before ends it again. */
async function enter(
  c: Context,
  options: RouteOptions,
  answer: Response,
  { code, to }: { readonly code: string; readonly to: string | null },
): Promise<Response> {
  const { auths } = options;
  const { user } = afterCode.parse(await answer.json());
  const next = afterwards(c.req.raw.headers, answer);
  if (isTotp(code) && !(await isFirstUse(auths, user.id, code))) {
    await answered(auths.staff.api.signOut({ headers: next, asResponse: true }));
    return sendOn(c, '/auth/staff/sign-in?after=again');
  }
  giveCookies(c, answer);
  return sendOn(c, landing(options, await organisationsOf(auths.settings, user.id), to));
}

async function refuseCode(c: Context, answer: Response, to: string | null): Promise<Response> {
  giveCookies(c, answer);
  const said = failure.safeParse(await answer.json());
  const why = said.success ? said.data.code : '';
  if (why === 'INVALID_CODE' || why === 'INVALID_BACKUP_CODE')
    return show(c, secondFactorPage({ notice: wrongCode, to }), 401);
  if (answer.status === 429) return tooMany(c, { kind: 'wait', seconds: 900 });
  return sendOn(c, '/auth/staff/sign-in?after=again');
}

/** Only for a session that was opened by password and saw no second factor. */
async function setUp(c: Context, options: RouteOptions, work: () => Promise<Response>): Promise<Response> {
  const session = await staffSession(options.auths, c.req.raw.headers);
  if (session === null) return sendOn(c, '/auth/staff/sign-in');
  if (session.secondFactor) return sendOn(c, '/organisations');
  if (c.req.method === 'GET') return work();
  const attempt = await options.auths.attempts.code(options.addressOf(c));
  return attempt.kind === 'wait' ? tooMany(c, attempt) : work();
}

async function finishSetUp(c: Context, options: RouteOptions): Promise<Response> {
  const { auths } = options;
  const { headers } = c.req.raw;
  const code = codeIn(await fieldsOf(c));
  const answer =
    code === null || !isTotp(code)
      ? null
      : await answered(auths.staff.api.verifyTOTP({ body: { code }, headers, asResponse: true }));
  if (answer === null || code === null || answer.status !== 200)
    return show(c, setUpPage({ factor: null, notice: wrongCode }), 401);
  const next = afterwards(headers, answer);
  const session = await staffSession(auths, next);
  // Where it was set up from elsewhere meanwhile, this session is still one of a password alone.
  if (session === null || !session.secondFactor) return sendOn(c, '/auth/staff/sign-in?after=again');
  await answered(auths.staff.api.revokeOtherSessions({ headers: next, asResponse: true }));
  return enter(c, options, answer, { code, to: null });
}

async function setUpAgain(c: Context, { auths }: RouteOptions): Promise<Response> {
  const { password } = await fieldsOf(c);
  const factor =
    typeof password === 'string' && password.length <= 128
      ? await newFactor(auths, c.req.raw.headers, password)
      : null;
  if (factor !== null) return show(c, setUpPage({ factor, notice: null }), 200);
  return show(c, setUpPage({ factor, notice: { kind: 'bad', text: 'That password is not right.' } }), 401);
}

/** Where they were going, as it came; `landing` looks whether it is a page of theirs. */
const going = ({ to }: Readonly<Record<string, unknown>>): string | null =>
  typeof to === 'string' && to.startsWith('/') && to.length <= 400 ? to : null;

const withWay = (path: string, to: string | null): string =>
  to === null ? path : `${path}?${new URLSearchParams({ to })}`;

const isTotp = (code: string): boolean => /^\d{6}$/.test(code);

/** As typed, without the blanks people put into six figures. */
function codeIn({ code }: Readonly<Record<string, unknown>>): string | null {
  if (typeof code !== 'string') return null;
  const bare = code.replaceAll(/\s/g, '');
  return bare.length >= 6 && bare.length <= 20 ? bare : null;
}

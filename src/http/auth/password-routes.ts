/** Passwords are set by a mailed link: the first one by an invitation, a new one when somebody asks. */
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { passwordMinutes } from '../../app/flow/link-lasts.ts';
import { checkYourMailPage } from '../../pages/check-your-mail.ts';
import type { Notice } from '../../pages/frame.ts';
import { linkOverPage } from '../../pages/link-over.ts';
import { setPasswordPage } from '../../pages/set-password.ts';
import { forgottenPage } from '../../pages/sign-in.ts';
import { english } from '../../words/words.ts';
import { answered, fieldsOf, linkToken, type RouteOptions, sendOn, show, tooMany } from './page-answers.ts';
import { longestPassword, shortestPassword } from './staff-auth.ts';

const email = z.object({ email: z.email().max(254) });
const fields = z.object({ token: linkToken, password: z.string(), again: z.string() });

export function passwordRoutes(options: RouteOptions): Hono {
  const routes = new Hono();
  routes.get('/forgotten', (c) => show(c, forgottenPage({ notice: null }), 200));
  routes.post('/forgotten', (c) => forgotten(c, options));
  routes.get('/mail-sent', (c) =>
    show(c, checkYourMailPage(english, { minutes: passwordMinutes, again: '/auth/staff/forgotten' }), 200),
  );
  routes.get('/set-password', (c) => {
    const given = linkToken.safeParse(c.req.query('token'));
    return given.success ? ask(c, given.data, null, 200) : linkOver(c);
  });
  routes.post('/set-password', (c) => setPassword(c, options));
  return routes;
}

/** The answer is the same, and as quick, whether or not there is such an account. */
async function forgotten(c: Context, { auths, addressOf }: RouteOptions): Promise<Response> {
  const parsed = email.safeParse(await fieldsOf(c));
  if (!parsed.success)
    return show(c, forgottenPage({ notice: { kind: 'bad', text: 'That is no e-mail address.' } }), 400);
  const attempt = await auths.attempts.mail({ address: addressOf(c), account: parsed.data.email });
  if (attempt.kind === 'wait') return tooMany(c, attempt);
  const taken = auths.mailing.staff.add('mailing a link for a new password', () =>
    auths.staff.api.requestPasswordReset({ body: { email: parsed.data.email } }),
  );
  if (!taken) return tooMany(c, { kind: 'wait', seconds: 60 });
  return sendOn(c, '/auth/staff/mail-sent');
}

async function setPassword(c: Context, { auths, addressOf }: RouteOptions): Promise<Response> {
  const attempt = await auths.attempts.code(addressOf(c));
  if (attempt.kind === 'wait') return tooMany(c, attempt);
  const parsed = fields.safeParse(await fieldsOf(c));
  if (!parsed.success) return linkOver(c);
  const { token: given, password, again } = parsed.data;
  const fault = faultOf(password, again);
  if (fault !== null) return ask(c, given, { kind: 'bad', text: fault }, 400);
  const answer = await answered(
    auths.staff.api.resetPassword({ body: { token: given, newPassword: password }, asResponse: true }),
  );
  return answer.status === 200 ? sendOn(c, '/auth/staff/sign-in?after=set') : linkOver(c);
}

function faultOf(password: string, again: string): string | null {
  if (password.length < shortestPassword) return `At least ${shortestPassword} characters, please.`;
  if (password.length > longestPassword) return `At most ${longestPassword} characters, please.`;
  return password === again ? null : 'The two are not the same.';
}

const ask = (c: Context, given: string, notice: Notice | null, status: 200 | 400): Promise<Response> =>
  show(c, setPasswordPage({ token: given, shortest: shortestPassword, notice }), status);

const linkOver = (c: Context): Promise<Response> =>
  show(
    c,
    linkOverPage(english, {
      what: 'It was used already, or it is too old.',
      again: { href: '/auth/staff/forgotten', text: 'Ask for another' },
    }),
    410,
  );

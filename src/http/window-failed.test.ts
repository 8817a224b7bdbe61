import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { SayError } from '../app/window/said-in-part.ts';
import { LedgerError } from '../store/ledger-error.ts';
import { StateError } from '../store/postgres/state-error.ts';
import { addOtherWords, otherTag, unmarkedIn } from '../words/other-words.fixture.ts';
import { english } from '../words/words.ts';
import { failHandler } from './fail.ts';
import { HttpProblem } from './problems.ts';
import type { Seen } from './seen.ts';

const base = 'https://club.example';
const { title, lead, why, again, member, letter, desk } = english.problem;

type Asked = { readonly path: string; readonly form?: Record<string, string>; readonly club?: string };

async function failed(error: Error, { path, form, club }: Asked, more: Record<string, string> = {}) {
  const app = new Hono<Seen>();
  app.onError(failHandler(base));
  app.all('*', (c) => {
    if (club !== undefined) c.set('club', club);
    throw error;
  });
  const body = form && new URLSearchParams(form).toString();
  const sent =
    body === undefined
      ? {}
      : {
          'Content-Type': 'application/x-www-form-urlencoded',
          'Content-Length': String(body.length),
        };
  const answer = await app.request(`${base}${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body }),
    headers: { Accept: 'text/html', ...sent, ...more },
  });
  const page = await answer.text();
  return { status: answer.status, headers: answer.headers, page, headed: /<h1>([^<]*)/.exec(page)?.[1] };
}

const home = '/organisations/choir';
const heldBack = new LedgerError('ledger-held-back', '');
const away = new StateError('database-unreachable', '');
const unsure = new StateError('commit-unknown', '');

test.each([
  ['/letter/stop', { code: '4F7K-9XQ2-MNB3T' }, letter.code],
  [`${home}/say/complain`, { words: 'They <sold> it.' }, 'They &lt;sold&gt; it.'],
  [`${home}/cases/ca-1`, { words: 'Since May.', version: '2' }, 'Since May.'],
  [`${home}/desk/letter`, { surname: 'Amberley' }, 'Amberley'],
])(
  'a form at %s that is not recorded while the log is held says so, and nothing typed is lost',
  async (path, form, shown) => {
    const { status, page, headed } = await failed(heldBack, { path, form, club: 'Example Choir' });
    expect([status, headed]).toEqual([503, title.undone]);
    expect(page).toContain(why.held);
    expect(page).toContain(shown);
    for (const [name, value] of Object.entries(form))
      expect(page).toContain(
        `name="${name}" value="${value.replaceAll('<', '&lt;').replaceAll('>', '&gt;')}"`,
      );
    expect(page).toContain(`<form method="post" action="${path}"`);
    // What who runs the service is to do is told to the staff alone.
    expect(page.includes('astold organisation')).toBe(path.includes('/desk/'));
    if (!path.includes('/desk/')) expect(page).toContain('You can write to <bdi>Example Choir</bdi>');
  },
);

test('whom to write to is said where the name of the organisation is not known, too', async () => {
  const asked = { path: `${home}/say/stop`, form: {} };
  expect((await failed(away, asked)).page).toContain(member.writeUnnamed);
  const { page } = await failed(away, { path: '/letter/stop', form: { code: 'x' } });
  expect(page).toContain(letter.writeUnnamed.replaceAll('"', '&quot;'));
});

test('a member keeps their way home, and is offered no way in', async () => {
  const { page } = await failed(away, { path: `${home}/say/stop`, form: {} });
  for (const to of ['/say', '/cases', '/details/said']) expect(page).toContain(`href="${home}${to}"`);
  expect(page).not.toContain('/auth/');
});

test.each([
  ['a commit that nobody knows of', unsure, title.unknown],
  ['what nobody expected', new TypeError('x'), title.unknown],
  [
    'the same form sent twice at once',
    new HttpProblem({ code: 'idempotency-in-progress', detail: '' }),
    title.unknown,
  ],
  ['a database that is away', away, title.undone],
  ['a part recorded before it', new SayError('said-in-part', ['pe-1'], { cause: away }), title.partly],
  [
    'a page that could not be made of it',
    new SayError('said-untold', ['pe-1'], { cause: away }),
    title.whole,
  ],
  ['a refusal', new HttpProblem({ code: 'preference-refused', detail: 'the source is gone' }), title.undone],
])('after %s a form is said to be recorded as far as is known', async (_, error, headed) => {
  const form = { words: 'x', once: '1' };
  const shown = await failed(error, { path: `${home}/say/complain`, form });
  expect(shown.headed).toBe(headed);
  // What may be recorded is not to be said twice.
  expect(shown.page.includes(again.button)).toBe(error === away);
  if (error instanceof SayError) expect(shown.page).toContain(`href="${home}/receipts/pe-1"`);
  if (error instanceof HttpProblem && error.code === 'preference-refused')
    expect(shown.page).toContain('The source is gone.');
});

test('the stop of a letter that may be recorded is sent again under no value of its page', async () => {
  const form = { code: '4F7K-9XQ2-MNB3T', once: '1' };
  const { page } = await failed(unsure, { path: '/letter/stop', form });
  expect(page).toContain(again.harmless);
  expect(page).toContain('name="code"');
  expect(page).not.toContain('name="once"');
});

test('staff are told to keep what came, or to look before they key it again', async () => {
  const path = `${home}/desk/found/l-1/1/say`;
  expect((await failed(away, { path, form: {} })).page).toContain(desk.keep);
  expect((await failed(unsure, { path, form: {} })).page).toContain(desk.look);
  expect((await failed(unsure, { path: `${home}/desk/find`, form: {} })).headed).toBe(title.undone);
});

test('a page that cannot be shown says that what was recorded stays so', async () => {
  const cookie = { Cookie: 'astold-member.session_token=x' };
  expect((await failed(away, { path: `${home}/details` })).headed).toBe(title.unshown);
  expect((await failed(away, { path: `${home}/cases` }, cookie)).headed).toBe(title.unshown);
  const other = await failed(away, { path: `${home}/requests` }, cookie);
  expect(other.page).toContain(`href="${home}"`);
  expect(other.page).not.toContain('/letter');
});

test('what was sent from nobody knows where is not shown again', async () => {
  const much = new HttpProblem({ code: 'rate-limited', detail: '' });
  const asked = { path: `${home}/say/complain`, form: { words: 'Ring me.' } };
  const { page, headed } = await failed(much, asked);
  expect([headed, page]).toEqual([title.undone, expect.stringContaining(again.unread.step)]);
  expect(page).not.toContain('Ring me.');
  expect((await failed(much, { ...asked, club: 'Example Choir' })).page).toContain('Ring me.');
});

test.each([
  ['too much from one address', new HttpProblem({ code: 'rate-limited', detail: '' }), {}, again.unread.step],
  ['a form of no length', away, { 'Content-Length': 'none' }, again.unread.step],
  ['a form that cannot be read', away, { 'Content-Type': 'multipart/form-data' }, again.unread.step],
  ['a log that is held', heldBack, { 'Content-Length': 'none' }, again.unread.later],
])(
  'a form that was not read, for %s, has no button that would send it empty',
  async (_, error, more, step) => {
    const asked = { path: `${home}/say/stop`, form: { for: 'home' } };
    const { page, headed } = await failed(error, asked, more);
    expect([headed, page]).toEqual([title.undone, expect.stringContaining(step)]);
    expect(page).not.toMatch(/<form|<button/);
  },
);

test('a letter whose form was not read is sent again from the browser', async () => {
  const asked = { path: '/letter/stop', form: { code: '4F7K-9XQ2-MNB3T' } };
  const { page } = await failed(unsure, asked, { 'Content-Length': 'none' });
  expect(page).toContain(again.unread.harmless);
  expect(page).not.toContain('<form');
});

test('of what was begun and has no receipt nobody says that it is not recorded', async () => {
  const cut = new SayError('cut-short', [], { cause: away });
  const form = { deed: 'end', outcome: 'done' };
  const { status, page, headed } = await failed(cut, { path: `${home}/desk/cases/ca-1`, form });
  expect([status, headed]).toEqual([503, title.unknown]);
  expect(page).toContain(desk.look);
  expect(page).not.toContain(again.button);
  const after = new SayError('said-in-part', ['pe-1'], { cause: cut });
  const said = await failed(after, { path: `${home}/say/stop`, form: { for: 'home' } });
  expect([said.headed, said.page]).toEqual([title.partly, expect.stringContaining(lead.partlyUnknown)]);
});

test.each(['/say/correct', '/desk/found/l-1/1/ask'])(
  'what a correction of %s should say, which may be a name that is not to be seen, stands in a field alone',
  async (path) => {
    const form = { field: 'surname', value: 'Greenwood' };
    for (const error of [away, unsure]) {
      const { page } = await failed(error, { path: home + path, form });
      expect(page).toMatch(/<input readonly [^>]*value="Greenwood">/);
      expect(page.replaceAll(/<input [^>]*>/g, '')).not.toContain('Greenwood');
    }
  },
);

test('all of it is among the words, and in the language of who reads it', async () => {
  const remove = addOtherWords();
  try {
    const form = {
      surname: 'Amberley',
      by: 'letter',
      kind: 'objection',
      purpose: 'dpv:Marketing',
      other: 'x',
    };
    for (const error of [away, unsure, new SayError('said-in-part', ['pe-1'], { cause: unsure })])
      for (const path of ['/letter/stop', `${home}/say/stop`, `${home}/desk/letter`]) {
        const shown = await failed(error, { path, form }, { 'Accept-Language': otherTag });
        expect(shown.headers.get('Content-Language')).toBe(otherTag);
        expect([
          path,
          unmarkedIn(shown.page).filter((text) => text !== 'AsTold' && text !== '- AsTold'),
        ]).toEqual([path, []]);
      }
  } finally {
    remove();
  }
});

test('programs are told as before', async () => {
  const { page, headers } = await failed(away, { path: `${home}/say/stop`, form: {} }, { Accept: '*/*' });
  expect(headers.get('Content-Type')).toContain('application/problem+json');
  expect(JSON.parse(page).code).toBe('database-away');
});

import { html } from 'hono/html';
import { describe, expect, it } from 'vitest';
import { page } from './frame.ts';
import { setUpPage } from './set-up-second-factor.ts';

const shown = async (parts: Partial<Parameters<typeof page>[0]>): Promise<string> =>
  String(await page({ title: 'A page', actor: null, body: html`<p>Words</p>`, ...parts }));

describe('a page of the service', () => {
  it('escapes every text it is given', async () => {
    const sly = '<script>"&';
    const text = await shown({
      title: sly,
      organisation: { name: sly, href: `/o/${sly}` },
      nav: [{ href: sly, text: sly, here: false }],
      notice: { kind: 'bad', text: sly },
    });
    expect(text).not.toContain('<script');
    expect(text.split('&lt;script&gt;&quot;&amp;')).toHaveLength(9);
  });

  it('has no script and no style of its own, so that the strictest policy lets it be', async () => {
    const factor = {
      uri: 'otpauth://totp/AsTold:ada@club.example?secret=GEZDGNBV',
      spareCodes: ['aaaaa-bbbbb'],
    };
    for (const text of [await shown({}), String(await setUpPage({ factor, notice: null }))]) {
      expect(text).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=|https?:(?!\/\/www\.w3\.org\/2000\/svg)/);
      expect(text).toContain('<link rel="stylesheet" href="/assets/astold.css">');
    }
  });

  it('says who may leave, where one is, and what happened', async () => {
    expect(await shown({})).not.toContain('Sign out');
    const text = await shown({
      actor: { kind: 'member', id: 'm', org: 'club', email: 'ann@home.example' },
      nav: [
        { href: '/a', text: 'Here', here: true },
        { href: '/b', text: 'There', here: false },
      ],
      notice: { kind: 'good', text: 'Done.' },
    });
    expect(text).toContain('Sign out');
    expect(text).toContain('<a href="/a" aria-current="page">Here</a>');
    expect(text).toContain('<p class="notice good" role="status">Done.</p>');
    expect(text).not.toContain('ann@home.example');
  });
});

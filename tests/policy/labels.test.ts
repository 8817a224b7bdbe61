/** The label shown beside a reason is that of what was found, and not only of the reason (A4, A9, C5). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { reasonCounts } from '../../src/app/gate/tally.ts';
import { rulesOn } from '../../src/app/workspace/terms.ts';
import { showRules } from '../../src/cli/show-rules.ts';
import { plainStyle } from '../../src/cli/terminal.ts';
import { parseRulePack } from '../../src/documents/rule-pack.ts';
import { judge } from '../../src/policy/judge.ts';
import type { GateContext } from '../../src/policy/judgement.ts';
import type { CivilDate } from '../../src/policy/model.ts';
import type { ReasonCode } from '../../src/policy/reasons.ts';
import { ruleShown } from '../../src/policy/rules.ts';
import { agreement, consent, context, decided, notice, quote, request, rules, statement } from './world.ts';

const { pack } = parseRulePack(
  'rules/uk.yaml',
  readFileSync(new URL('../../rules/uk.yaml', import.meta.url), 'utf8'),
);
if (pack === null) throw new Error('the pack that comes with the program has faults');
const uk = pack;

function labelOf(code: ReasonCode, world: Partial<GateContext>, day: CivilDate): string | null {
  const findings = decided({ context: world }).findings.filter((f) => f.reason === code);
  expect(findings).not.toEqual([]);
  return ruleShown(uk, code, findings, day)?.label ?? null;
}
const today = '2026-11-21';

describe('what was told of a political campaign', () => {
  const purposes = ['dpv:PoliticalCampaign'];
  const told = (words: string, layer: number, signed: readonly string[]): Partial<GateContext> => ({
    request: { ...request, purposes, audience: { kind: 'everyone' } },
    agreement: { ...agreement, purposes },
    notices: [
      {
        ...notice,
        consents: [{ ...consent, purposes }],
        statements: [
          {
            ...statement,
            purposes: { terms: purposes, narrower: false, quote: { text: words, layer } },
            signedTerms: ['child', ...signed],
          },
        ],
      },
    ],
  });
  it('nothing: that is against the law', () => {
    const silent = { ...told('', 1, []), notices: [notice] };
    expect(labelOf('purpose-not-told', silent, today)).toBe('law');
  });
  it('something, but not in so many words, not first, or not signed for: that is against policy', () => {
    for (const world of [
      told('for a campaign', 1, purposes),
      told('for a political campaign', 2, purposes),
      told('for a political campaign', 1, []),
    ]) {
      expect(labelOf('purpose-not-told', world, today)).toBe('policy');
      expect(decided({ context: world }).codes).toEqual(['purpose-not-told']);
    }
  });
  it('and that is the label counted with', () => {
    const counted = (world: Partial<GateContext>) => {
      const dated = { ...context, ...world, rules: { ...rules, rules: uk.rules, finer: uk.finer } };
      const judgement = judge(dated, [{ collection: 'joined', base: 'v:web@1^own', later: '' }]);
      const known = { recorded: 1, derived: 0, reconstructed: 0, unknown: 0 };
      const tally = { counts: [{ bits: judgement.verdicts[0]?.bits ?? 0n, records: 1 }], known, decided: [] };
      return reasonCounts(tally, dated, judgement).map(({ code, label }) => [code, label]);
    };
    expect(counted(told('for a campaign', 1, purposes))).toEqual([['purpose-not-told', 'policy']]);
    expect(counted({ ...told('', 1, []), notices: [notice] })).toContainEqual(['purpose-not-told', 'law']);
  });
  it('nothing by one notice and too little by another: the law is what is shown', () => {
    const shown = [{ aspect: 'own-words' as const }, {}];
    expect(ruleShown(uk, 'purpose-not-told', shown, today)?.label).toBe('law');
    expect(ruleShown(uk, 'purpose-not-told', shown.slice(0, 1), today)?.label).toBe('policy');
    expect(ruleShown(uk, 'purpose-not-told', [], today)?.label).toBe('law');
  });
});

describe('a recipient', () => {
  const recipients = {
    organisations: ['acme', 'printer'],
    categories: [],
    quote: quote('Acme Toys Ltd, and Print Co'),
  };
  const broker = (signed: boolean): Partial<GateContext> => ({
    organisations: context.organisations.map((o) =>
      o.id === 'acme' ? { ...o, categories: ['data-broker'] } : o,
    ),
    notices: [
      {
        ...notice,
        statements: [
          { ...statement, recipients, signedTerms: ['child', ...(signed ? ['data-broker'] : [])] },
        ],
      },
    ],
  });
  it('nobody told of is guidance; a broker named but not called one is policy', () => {
    const untold = {
      notices: [
        {
          ...notice,
          statements: [{ ...statement, recipients: { ...recipients, organisations: ['printer'] } }],
        },
      ],
    };
    expect(labelOf('party-not-told', untold, today)).toBe('guidance');
    expect(labelOf('party-not-told', broker(true), today)).toBe('policy');
    expect(labelOf('party-not-told', broker(false), today)).toBe('policy');
  });
});

describe('suppression lists', () => {
  const requires = (channel: 'post' | 'call', kind: 'own' | 'mps' | 'baby-mps' | 'tps' | 'ctps') => ({
    request: { ...request, contactChannels: [channel] },
    lists: context.lists.filter(({ list }) => list.kind !== kind),
    rules: context.rules && {
      ...context.rules,
      requiredLists: [{ contactChannel: channel, kinds: [kind], implying: null }],
    },
  });
  const first = context.lists[0]?.list;
  const old = (kind: 'own' | 'mps' | 'tps', channel: 'post' | 'call') => ({
    request: { ...request, contactChannels: [channel] },
    lists: first
      ? [
          {
            list: { ...first, id: kind, kind, level: 'address' as const, fileDate: '2001-01-01' },
            readable: true,
          },
        ]
      : [],
  });
  it.each([
    ['mps', 'post', today, 'code'],
    ['baby-mps', 'post', today, 'code'],
    ['own', 'post', today, 'guidance'],
    ['own', 'post', '2012-01-01', 'policy'],
    ['tps', 'call', today, 'law'],
    ['ctps', 'call', today, 'law'],
    ['tps', 'call', '2003-12-10', 'policy'],
  ] as const)('%s missing for %s on %s: %s', (kind, channel, day, label) => {
    expect(labelOf('list-missing', requires(channel, kind), day)).toBe(label);
  });
  it.each([
    ['mps', 'post', 'code'],
    ['own', 'post', 'policy'],
    ['tps', 'call', 'law'],
  ] as const)('%s too old for %s: %s', (kind, channel, label) => {
    expect(labelOf('list-stale', old(kind, channel), today)).toBe(label);
  });
});

describe('a way of contact that needs consent', () => {
  const by = (channels: readonly ('email' | 'sms' | 'online-audience')[]): Partial<GateContext> => ({
    request: { ...request, contactChannels: channels, disclosureBasis: 'eu-gdpr:A6-1-f' },
    rules: context.rules && { ...context.rules, consentChannels: ['email', 'sms', 'online-audience'] },
  });
  it('is law by e-mail or text, and guidance for an online audience', () => {
    expect(labelOf('channel-needs-consent', by(['email']), today)).toBe('law');
    expect(labelOf('channel-needs-consent', by(['online-audience']), today)).toBe('guidance');
    expect(labelOf('channel-needs-consent', by(['online-audience', 'sms']), today)).toBe('law');
  });
  it('is named, each', () => {
    const details = decided({ context: by(['email', 'sms']) })
      .findings.filter((f) => f.reason === 'channel-needs-consent')
      .map((f) => f.detail);
    expect(details).toEqual(['contact by email', 'contact by sms']);
  });
});

it('a pack that says nothing more narrowly goes by the rule of the reason', () => {
  const plain = { ...uk, finer: [] };
  expect(ruleShown(plain, 'list-missing', [{ aspect: 'calls' }], today)?.label).toBe('code');
  expect(ruleShown({ ...plain, rules: [] }, 'list-missing', [{ aspect: 'calls' }], today)).toBeNull();
});

it('the rules of a day show what is narrower beside the rule of the reason, with a label of its own', () => {
  const shown = showRules(rulesOn(uk, today), plainStyle, 200).split('\n');
  const at = shown.findIndex((line) => line.startsWith('list-missing'));
  expect(shown.slice(at, at + 3).map((line) => line.trim().replace(/\s+/g, ' '))).toEqual([
    'list-missing C5 code Mailing Preference Service, Baby MPS: screen before posting',
    expect.stringMatching(/^guidance of our own list: /),
    expect.stringMatching(/^law of a list of telephone numbers: PECR 2003 reg 21/),
  ]);
});

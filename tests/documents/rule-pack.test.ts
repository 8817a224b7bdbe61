import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { changes, faultsOf, load, replace } from './workspace-with.ts';

const uk = readFileSync(new URL('../../rules/uk.yaml', import.meta.url), 'utf8');
const own = (edit: (text: string) => string) => ({
  'astold.yaml': replace('rules: uk', 'rules: rules/own.yaml'),
  'rules/own.yaml': edit(uk.replace('pack: uk', 'pack: own')),
});

test("a workspace's own pack may be the same as the built-in one, or stricter", async () => {
  expect((await load(own((t) => t))).rules.id).toBe('own');
  const stricter = changes(
    replace('"sell the data", ', ''),
    replace(
      'explicit:\n',
      'explicit:\n  - { dimension: purpose, term: astold:Fundraising, phrases: ["fundraising"] }\n',
    ),
    replace('kinds: [own, tps]', 'kinds: [own, tps, ctps]'),
    replace('implying: [pd:Offspring, astold:PregnancyDueDate]', 'implying: null'),
    replace('consent-channels: [email', 'consent-channels: [call, email'),
    replace('special-category:\n', 'special-category:\n  - pd:Income\n'),
    replace('exact: { person: [pd:Name, pd:PhysicalAddress] }', 'exact: { person: [astold:FamilyName] }'),
    // Configurable: any length and any count.
    replace('waiting-period: P30D', 'waiting-period: P1D'),
    replace('minimum-count: 100', 'minimum-count: 10'),
  );
  expect((await load(own(stricter))).rules.minimumCount).toBe(10);
});

const softer: readonly (readonly [string, (text: string) => string, string])[] = [
  [
    'leaves out an explicit term',
    replace('    term: insurer\n', '    term: insurance\n'),
    'explicit term insurer (recipient)',
  ],
  [
    'tells an explicit term by another phrase',
    replace('phrases: ["pregnant"', 'phrases: ["family", "pregnant"'),
    'for astold:PregnancyDueDate only phrases among',
  ],
  ['leaves out special category data', replace('  - pd:Genetic\n', ''), 'also pd:Genetic'],
  ['asks no consent for a way of contact', replace('channels: [email, sms', 'channels: [email'), 'also sms'],
  [
    'screens no list',
    replace('kinds: [own, mps], implying: null', 'kinds: [own], implying: null'),
    'lists mps',
  ],
  [
    'screens a list for fewer sources',
    replace('implying: [pd:Offspring, astold:PregnancyDueDate]', 'implying: [astold:PregnancyDueDate]'),
    'lists baby-mps',
  ],
  [
    'screens a list only where membership implies something',
    replace('kinds: [own, mps], implying: null', 'kinds: [own, mps], implying: [pd:Offspring]'),
    'lists own, mps',
  ],
  [
    'takes more for necessary',
    replace('exact: { person: [pd:Name, pd:PhysicalAddress] }', 'exact: { person: [pd:Name, pd:BirthDate] }'),
    'exact, of a person: pd:Name, pd:PhysicalAddress',
  ],
  [
    'takes more for necessary, of children',
    replace('child: [pd:BirthDate, pd:Gender]', 'child: [pd:BirthDate, pd:Gender, pd:Name]'),
    'coarse, of a child: pd:BirthDate, pd:Gender',
  ],
  [
    'takes the same for necessary by another way of contact',
    replace('contact-channels: [post]', 'contact-channels: [post, call]'),
    'by call, exact, of a person: pd:Name, pd:TelephoneNumber',
  ],
  ['waits no day', replace('waiting-period: P30D', 'waiting-period: P0D'), 'at least one day'],
];

test.each(softer)('a pack that %s is refused, with what the built-in one says', async (_, edit, expected) => {
  const faults = await faultsOf(own(edit));
  expect([...new Set(faults.map((f) => `${f.file} ${f.code} ${f.rule}`))]).toEqual([
    'rules/own.yaml pack-softer A9',
  ]);
  expect(faults.map((f) => f.expected).join('; ')).toContain(expected);
  expect(faults.every((f) => f.line > 1)).toBe(true);
});

test('a phrase too many is faulted at the very phrase', async () => {
  const [fault] = await faultsOf(own(replace('phrases: ["pregnant"', 'phrases: ["family", "pregnant"')));
  const line = uk.split('\n').findIndex((text) => text.includes('phrases: ["pregnant"')) + 1;
  expect([fault?.line, fault?.found]).toEqual([line, 'family']);
});

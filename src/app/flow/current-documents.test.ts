import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAgreement } from '../../documents/agreement.ts';
import { dayOf } from '../../policy/dates.ts';
import { oneDatabase, type TestState } from '../../store/postgres/databases.fixture.ts';
import { organisationId, scaffold } from '../workspace/scaffold/files.ts';
import { withState } from './current-documents.ts';
import { newOrganisation, start } from './duties.fixture.ts';

const path = 'agreements/toy-offers.yaml';
const files = scaffold(dayOf(start.getTime()));
const agreement = files.find((file) => file.path === path)?.text ?? '';
const inForce = /^in-force: .*$/m;
const dayBefore = '2026-11-01';

describe.each(oneDatabase)('on $name', (database) => {
  let made: TestState;
  beforeAll(async () => {
    made = await database.create();
    await newOrganisation(made.state, organisationId);
    await made.state.as(organisationId, (tx) =>
      tx
        .insertInto('agreement_end')
        .values({
          ...{ org: organisationId, agreement: 'toy-offers', ended_by: 'o', ended_at: start, words: 'over' },
        })
        .execute(),
    );
  });
  afterAll(() => made.drop());

  /** As the gate is to read it: the agreement, null where it has faults, or no such file. */
  async function read(text: string) {
    const given = new Map([[path, text]]);
    const found = (await made.state.as(organisationId, (tx) => withState(tx, organisationId, given))).get(
      path,
    );
    if (found === undefined) return 'no file';
    const { agreement: value, faults } = parseAgreement(path, found);
    return value === null || faults.length > 0 ? 'faulty' : value.inForce.until;
  }

  describe('an agreement that was ended', () => {
    test('is in force to the day before, whatever its document says', async () => {
      expect(await read(agreement)).toBe(dayBefore);
      const later = agreement.replace(inForce, 'in-force: { from: 2026-01-01, until: 2099-12-31 }');
      expect(await read(later)).toBe(dayBefore);
      const block = agreement.replace(inForce, 'in-force:\n  from: 2026-01-01\n  until: 2099-12-31');
      expect(await read(block)).toBe(dayBefore);
    });

    test('that would have ended sooner ends then', async () => {
      const sooner = agreement.replace(inForce, 'in-force: { from: 2026-01-01, until: 2026-02-01 }');
      expect(await read(sooner)).toBe('2026-02-01');
    });

    test('is none where it would begin only now', async () => {
      const anew = agreement.replace(inForce, 'in-force: { from: 2026-11-02, until: 2099-12-31 }');
      expect(await read(anew)).toBe('no file');
    });

    test.each([
      ['nothing', ''],
      ['what is no YAML', '\u0007]['],
      ['a list', '- agreement: toy-offers\n'],
      ['bytes that are none', '\ud800'],
      ['half of it', agreement.slice(0, agreement.length / 2)],
      ['another word in it', `${agreement}for-ever: true\n`],
      ['two ends', agreement.replace(inForce, '$&\nin-force: { from: 2026-01-01, until: 2099-12-31 }')],
      ['two documents', `${agreement}---\n${agreement}`],
      [
        'an end that stands elsewhere',
        agreement.replace('{ until: ', '&end { until: ').replace(inForce, 'in-force: *end'),
      ],
      [
        'a merged end',
        agreement.replace(inForce, 'in-force: { <<: { from: 2026-01-01, until: 2099-12-31 } }'),
      ],
      ['no end', agreement.replace(inForce, 'in-force: { from: 2026-01-01, until: null }')],
    ])('overwritten with %s is faulty, and nothing is decided on it', async (_, text) => {
      expect(await read(text)).toBe('faulty');
    });

    test('under another path, or written otherwise, is the same', async () => {
      const quoted = agreement.replace('agreement: toy-offers', '"agreement": "toy-offers"');
      expect(quoted).not.toBe(agreement);
      expect(await read(quoted)).toBe(dayBefore);
      const twice = new Map([
        [path, agreement],
        ['agreements/again.yaml', `# as it was\n${agreement}`],
      ]);
      const found = await made.state.as(organisationId, (tx) => withState(tx, organisationId, twice));
      for (const each of twice.keys())
        expect(parseAgreement(each, found.get(each) ?? '').agreement?.inForce.until).toBe(dayBefore);
    });

    test('leaves another as it is', async () => {
      const other = agreement.replace('agreement: toy-offers', 'agreement: other-offers');
      expect(await read(other)).toBe(parseAgreement(path, other).agreement?.inForce.until);
      expect(await read(other)).not.toBe(dayBefore);
    });
  });
});

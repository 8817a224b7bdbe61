/** Begins with the tests that take longest, so that no worker has one left when the others are done; then as Vitest would. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Half a minute each, and more. */
const long = [
  'src/jobs/release-killed.test.ts',
  'tests/differential.test.ts',
  'tests/service/honoured.test.ts',
  'src/app/flow/release-flow.test.ts',
  'src/app/proof/audit-flipped.test.ts',
  'src/store/ledger-killed.test.ts',
  'tests/service/cases.browser.test.ts',
  'src/app/proof/audit.test.ts',
];

export default class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = long.findIndex((path) => moduleId.endsWith(`/${path}`));
      return found < 0 ? long.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

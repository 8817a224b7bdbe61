/** What each duty asks, as people and the gate's duties.yaml read it. */
import type { DutyKind } from '../../store/postgres/tables.ts';

const asked: Readonly<Record<DutyKind, (of: string) => string>> = {
  countersign: (of) => `countersign the supply${of}`,
  inform: (of) => `tell the people where their data came from${of}`,
  'stop-using': (of) => `stop using the data${of}`,
  delete: (of) => `delete the data${of}`,
  'obey-stops': (of) => `obey every stop${of}`,
};

export type DutyNamed = {
  readonly kind: DutyKind;
  readonly release: string | null;
  readonly agreement: string | null;
};

/** Without a capital or a full stop: it stands within a sentence. */
export function dutyWords({ kind, release, agreement }: DutyNamed): string {
  const of = release === null ? '' : ` of release ${release}`;
  return `${asked[kind](of)}${agreement === null ? '' : `, as agreement ${agreement} has ended`}`;
}

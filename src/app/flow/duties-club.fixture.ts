/** A club that has released under an agreement to a broker and its client, for tests of what they owe. */
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { LogContent } from '../../log/entry.ts';
import type { Party, Request } from '../../policy/model.ts';
import { postgresLedger } from '../../store/postgres/ledger.ts';
import type { State } from '../../store/postgres/state.ts';
import type { StaffRole } from '../../store/postgres/tables.ts';
import { type Attestation, attest } from '../../supply/attestation.ts';
import {
  beginOrganisation,
  putTexts,
  register,
  signers,
  staff,
  type TestService,
  testService,
} from './duties.fixture.ts';
import type { DutyRow } from './gate-duties.ts';
import { type DutyView, listDuties } from './list-duties.ts';
import { openDuties } from './open-duties.ts';
import type { Actor, Answer } from './service.ts';

export type DutiesClub = {
  readonly org: string;
  readonly service: TestService;
  actor(role: StaffRole, party?: string): Actor;
  /** The duties of a release to the broker, for `toys`; or for these alone. */
  open(release?: string, chain?: readonly string[]): Promise<readonly DutyRow[]>;
  list(by: Actor, asked?: Partial<Parameters<typeof listDuties>[2]>): Promise<readonly DutyView[]>;
  /** The one that the release opened. */
  dutyOf(party: string, kind: string, release?: string): Promise<DutyView>;
  /** Signed by `toys` unless said, with what it says changed. */
  noteOn(duty: DutyView, change?: Partial<Attestation>, by?: keyof typeof signers): string;
  /** What the log commits to, in order. */
  logged(): Promise<readonly LogContent[]>;
};

const controller = (organisation: string): Party => ({
  ...{ organisation, role: 'controller', basis: null, keeps: true, enriches: false, profits: false },
});
export const request: Pick<Request, 'agreement' | 'chain' | 'use' | 'deleteBy'> = {
  agreement: 'supply-2026',
  chain: [controller('broker'), controller('toys')],
  use: { from: '2026-11-20', until: '2026-12-20' },
  deleteBy: '2026-12-31',
};
const agreement = stringify({
  ...{
    agreement: 'supply-2026',
    supplier: 'club',
    purposes: ['dpv:DirectMarketing'],
    bases: ['eu-gdpr:A6-1-a'],
  },
  parties: ['broker', 'toys'].map((organisation) => ({ organisation, role: 'controller' })),
  ...{ data: { person: ['pd:Name'] }, 'special-category': 'none', 'contact-channels': ['post'] },
  ...{ rights: 'as agreed', 'onward-supply': 'none', 'signed-off-by': 'v.director', 'due-diligence': 'seen' },
  ...{ retention: { until: '2027-04-30' }, review: '2027-11-01' },
  'in-force': { from: '2026-01-01', until: '2027-12-31' },
});

/** What was done; a refusal is an error of the test. */
export function must<T>(answer: Answer<T>): T {
  if (answer.kind === 'done') return answer.value;
  throw new RangeError(`${answer.code}: ${answer.message}`);
}

export const code = (answer: Answer<unknown>): string => (answer.kind === 'done' ? 'done' : answer.code);

export async function dutiesClub(state: State, data: string, org: string): Promise<DutiesClub> {
  const service = testService(state, data);
  await beginOrganisation(state, data, org);
  await putTexts(state, org, { ...register, 'agreements/supply.yaml': agreement });
  const actor: DutiesClub['actor'] = (role, party) => staff(org, role, { party: party ?? null });
  const list: DutiesClub['list'] = async (by, asked = {}) =>
    must(await listDuties(service, by, { limit: 50, cursor: undefined, ...asked })).items;
  return {
    ...{ org, service, actor, list },
    open(release = 'r-1', chain = ['broker', 'toys']) {
      const of = { org, release, recipient: chain[0] ?? '', supplier: 'club', releasedAt: service.now() };
      return state.as(org, (tx) =>
        openDuties(tx, { ...of, request: { ...request, chain: chain.map(controller) } }),
      );
    },
    async dutyOf(party, kind, release = 'r-1') {
      const found = (await list(actor('officer'), { party })).find(
        (duty) => duty.kind === kind && duty.release === release && duty.agreement === null,
      );
      if (found === undefined) throw new RangeError(`${party} owes no ${kind}`);
      return found;
    },
    noteOn({ toAttest }, change = {}, by = 'toys') {
      if (toAttest === null) throw new RangeError('nothing to attest');
      const content = { ...toAttest, words: 'Done.', at: service.now().toISOString(), ...change };
      return attest(content, signers[by]);
    },
    logged: () => contentsOf(state, data, org),
  };
}

export async function contentsOf(state: State, data: string, org: string): Promise<readonly LogContent[]> {
  const ledger = await postgresLedger({ state, org, root: join(data, org) }).open({ waitMs: 5_000 });
  try {
    const { size } = await ledger.head();
    const found: LogContent[] = [];
    for (let i = 0n; i < size; i += 1n) {
      const opening = await ledger.opening(i);
      if (opening !== null && opening !== 'destroyed') found.push(opening.content);
    }
    return found;
  } finally {
    await ledger.close();
  }
}

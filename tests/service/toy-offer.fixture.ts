/** The toy offer of the example club released on a running server, as its steward and officer do it on their pages. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { exampleOrg, people } from '../../examples/service.ts';
import { approveRequest } from '../../src/app/flow/approve-request.ts';
import { checkRequest } from '../../src/app/flow/check-request.ts';
import { releaseRequest } from '../../src/app/flow/release-request.ts';
import type { Actor, Answer } from '../../src/app/flow/service.ts';
import { showRequest } from '../../src/app/flow/show-request.ts';
import { openDuckdb } from '../../src/bulk/engines/duckdb.ts';
import { readKey } from '../../src/documents/key.ts';
import type { Ready } from '../../src/http/serve.ts';
import { traceCode, traceKey } from '../../src/supply/trace-code.ts';

/** Released and sealed; gives the trace codes of the first of its rows. */
export async function releaseToyOffer({ service }: Ready): Promise<readonly string[]> {
  const staff = async (role: 'steward' | 'officer'): Promise<Actor> => {
    const found = people.find((each) => each.role === role);
    const { person } = await service.accounts.personOf(found?.email ?? '', found?.name ?? '');
    const roles = new Set([role]);
    return { kind: 'staff', id: person, org: exampleOrg, roles, party: null, mayFreeze: false };
  };
  const [steward, officer] = [await staff('steward'), await staff('officer')];
  const request = 'toy-offer';
  const look = async () => must(await showRequest(service, steward, { request }));
  const check = must(await checkRequest(service, steward, { request }));
  await until(async () => (await look()).state === 'OFFERED');
  const words = 'each of them was asked, by name, and said yes';
  const { version } = await look();
  const agreed = must(await approveRequest(service, officer, { request, check: check.id, words, version }));
  must(await releaseRequest(service, steward, { request, version: agreed.version }));
  const supplied = () =>
    service.state.as(exampleOrg, (tx) =>
      tx.selectFrom('supply').select('release').where('org', '=', exampleOrg).executeTakeFirst(),
    );
  await until(async () => (await supplied()) !== undefined);
  return codesOf(join(service.data, exampleOrg), (await supplied())?.release ?? '');
}

async function codesOf(root: string, release: string): Promise<readonly string[]> {
  const engine = await openDuckdb({ tempDirectory: join(root, '.astold/tmp') });
  try {
    const decisions = engine.dialect.parquet(join(root, 'releases', release, 'decisions.parquet'));
    const rows = await engine.rows(
      `SELECT pseudonym FROM ${decisions} d WHERE reasons = 0 ORDER BY pseudonym LIMIT 10`,
    );
    const key = traceKey(await readKey(root), release);
    return rows.map(({ pseudonym }) => traceCode(key, String(pseudonym)));
  } finally {
    engine.close();
  }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (await isSo()) return;
    await pause(200);
  }
  throw new Error('it did not come to that within two minutes');
}

function must<T>(answer: Answer<T>): T {
  if (answer.kind === 'done') return answer.value;
  throw new Error(`${answer.code}: ${answer.message}`);
}

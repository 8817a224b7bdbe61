/** A list that was handed over, with the trace code of each of its rows as the letters carry them, for tests of letters. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { logPublicFile } from '../../documents/log-key.ts';
import { approveRequest } from '../flow/approve-request.ts';
import { checkRequest } from '../flow/check-request.ts';
import { type FlowFixture, must, officer, requested, steward } from '../flow/flow.fixture.ts';
import { putDocument } from '../flow/put-document.ts';
import { readDocument } from '../flow/read-document.ts';
import { releaseRequest } from '../flow/release-request.ts';
import { rootOf } from '../flow/workspace-of.ts';
import { nothingAsked } from '../log/own-log.ts';
import { receive } from '../supply/receive.ts';
import { ageKeyFile, signKeyFile } from '../supply/recipient-keys.ts';
import { supplyFolder, zipFile } from '../supply/seal.ts';
import { sleeper } from '../supply/supply.fixture.ts';

export type Letters = {
  readonly release: string;
  /** By forename, as the list has them; the sleeper among them is Rowan. */
  readonly codes: ReadonlyMap<string, string>;
};

/** The sleeper goes in its list alone. */
const request = 'toy-offer';

/** Agrees a sleeper, releases, and opens what the mailing house got. */
export async function sendLetters(club: FlowFixture): Promise<Letters> {
  const path = 'agreements/toy-offers.yaml';
  const { text, version: of } = must(await readDocument(club.service, steward, { path }));
  const agreed = `${text}sleepers: "clause 9 of the agreement"\n`;
  must(await putDocument(club.service, steward, { path, text: agreed, version: of }));
  await requested(club, request);
  const asleep = { path: 'sleepers/rowan.yaml', text: sleeper, version: 0 };
  must(await putDocument(club.service, steward, asleep));
  const check = must(await checkRequest(club.service, steward, { request }));
  await club.work();
  const words = 'they ticked the box that names the maker';
  const approval = { request, check: check.id, words, version: 2 };
  const { version } = must(await approveRequest(club.service, officer, approval));
  must(await releaseRequest(club.service, steward, { request, version }));
  await club.work();
  const root = rootOf(club.service, club.org);
  const [row] = await club.service.state.as(club.org, (tx) =>
    tx.selectFrom('release').select('id').where('org', '=', club.org).execute(),
  );
  const release = row?.id ?? '';
  const keys = join(club.keys, 'example-mailing');
  const out = join(club.keys, 'received');
  await receive(join(supplyFolder(root, release, 'example-mailing', 'whole'), zipFile), {
    ...{ keyFile: join(keys, ageKeyFile), signKey: join(keys, signKeyFile), unverified: false },
    logKey: (await readFile(join(root, logPublicFile), 'utf8')).trim(),
    ...{ witnesses: nothingAsked, root: null, out },
  });
  const [header = '', ...lines] = (await readFile(join(out, 'list.csv'), 'utf8')).trim().split('\n');
  await rm(out, { recursive: true });
  const columns = header.split(',');
  const [name, code] = [columns.indexOf('forename'), columns.indexOf('trace_code')];
  const cells = lines.map((line) => line.split(',').map((cell) => cell.replaceAll('"', '')));
  return { release, codes: new Map(cells.map((row) => [row[name] ?? '', row[code] ?? ''])) };
}

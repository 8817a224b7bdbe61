/** After an older backup, of a log that witnesses cosign. On the embedded database: a server asks them by https alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { readLogVerifier } from '../../documents/log-key.ts';
import { serveWitness } from '../../http/witness.ts';
import { embedded as database } from '../../store/postgres/databases.fixture.ts';
import { openWitness } from '../log/witness.ts';
import type { AccountsService } from './accounts.ts';
import { flowFixture, must, officer, steward } from './flow.fixture.ts';
import { freeze } from './freeze.ts';
import { publishLogs } from './publish-logs.ts';
import { backUpTo, withBackup } from './put-back.fixture.ts';
import { putDocument } from './put-document.ts';
import { readDocument } from './read-document.ts';
import { resumeLog, type Told } from './resume-log.ts';
import { rootOf } from './workspace-of.ts';

const everything = (words: string) => ({ kind: 'everything' as const, subject: null, words });
const freezing = (service: AccountsService) => freeze(service, officer, everything('on what was put back'));

test('a witness that has seen more objects before anything is added', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'astold-resume-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const witnessed = { folder, name: 'witnessed', database };
  const club = await flowFixture(database);
  onTestFinished(() => club.drop());
  const { vkey } = await readLogVerifier(rootOf(club.service, club.org));
  const witness = await openWitness(mkdtempSync(join(folder, 'witness-')), 'witness.example/w1', [vkey]);
  onTestFinished(() => witness.close());
  const serving = await serveWitness(witness, { host: '127.0.0.1', port: 0 }, () => {});
  onTestFinished(() => serving.close());
  const path = 'astold.yaml';
  const { text, version } = must(await readDocument(club.service, steward, { path }));
  const named = { name: 'witness.example/w1', url: serving.url, key: witness.verifier.vkey };
  const witnesses = stringify({ ...parse(text), witnesses: [named], 'witness-policy': 1 });
  must(await putDocument(club.service, steward, { path, text: witnesses, version }));
  expect(await publishLogs(club.service)).toMatchObject({ failed: 0 });
  await backUpTo(folder, club, 'witnessed');
  // Nothing since: the witness itself can say it.
  await withBackup(witnessed, async (service) => {
    // Others may have taken its place after the backup.
    const unsaid = await resumeLog(service, club.org, { kind: 'witnesses', unchanged: false });
    expect(unsaid).toMatchObject({ code: 'input-invalid' });
    expect(unsaid.kind === 'refused' && unsaid.message).toContain('witness.example/w1');
    await expect(freezing(service)).rejects.toMatchObject({ code: 'ledger-held-back' });
    const said: Told = { kind: 'witnesses', unchanged: true };
    const { witnesses } = must(await resumeLog(service, club.org, said));
    expect(witnesses).toMatchObject([{ kind: 'cosigned' }]);
  });
  must(await freeze(club.service, officer, everything('one more')));
  expect(await publishLogs(club.service)).toEqual({ published: 1, failed: 0 });
  await withBackup(witnessed, async (service) => {
    await expect(resumeLog(service, club.org, { kind: 'nothing-since' })).rejects.toMatchObject({
      code: 'witness-ahead',
    });
    await expect(freezing(service)).rejects.toMatchObject({ code: 'ledger-held-back' });
  });
});

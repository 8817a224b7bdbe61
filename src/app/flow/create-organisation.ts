/**
 * An organisation comes onto the server: its folder, its keys, its log, its documents and its first officer. Asked for at
 * the command line of the server, by whoever runs it; nobody can do it over the network.
 */
import { cp, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { createKey } from '../../documents/key.ts';
import { createLogKey, logOrigin } from '../../documents/log-key.ts';
import { postgresLedger } from '../../store/postgres/ledger.ts';
import { pathKind } from './document-paths.ts';
import { putDocuments } from './put-documents.ts';
import { type Answer, done, refused, type Service } from './service.ts';

export type NewOrganisation = {
  /** As `organisation` in its astold.yaml. */
  readonly org: string;
  readonly name: string;
  /** A folder with its documents and its `data/`; no workspace that has logged or released anything. */
  readonly folder: string;
  /** Texts of documents that stand in for those of the folder, by path. */
  readonly instead: ReadonlyMap<string, string>;
  /** The keys in the folder stay behind, unused: the server makes its own. Left out: a folder with keys is refused. */
  readonly leaveKeys?: boolean;
};

/** What is in the folder stays as it is. A run that was cut short is taken up by the next. */
export async function createOrganisation(service: Service, wanted: NewOrganisation): Promise<Answer<string>> {
  const { org, name, folder } = wanted;
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(org))
    return refused('input-invalid', `"${org}" is no id of an organisation: small letters, digits and "-"`);
  const had = await firstOf(folder, ['vault', 'log', 'releases', 'evidence', 'keys']);
  if (had === 'keys' && wanted.leaveKeys !== true)
    return refused(
      'input-invalid',
      `${folder} has keys/, and the server makes keys of its own: to leave them behind, unused, say --leave-keys`,
    );
  if (had !== null && had !== 'keys')
    return refused(
      'input-invalid',
      `${folder} has a ${had}/: a workspace that has logged or released anything cannot be taken over yet; give a folder with documents and data alone`,
    );
  const texts = new Map([...(await documentsIn(folder)), ...wanted.instead]);
  const named = organisationIn(texts.get('astold.yaml') ?? '');
  if (named !== org)
    return refused(
      'input-invalid',
      named === null
        ? `${folder} has no astold.yaml that names its organisation`
        : `astold.yaml in ${folder} is of "${named}", not of "${org}": the log and every receipt bear that name`,
    );
  const root = join(service.data, org);
  await mkdir(join(root, 'data'), { recursive: true, mode: 0o700 });
  await createKey(root);
  await createLogKey(root, logOrigin(org));
  await service.state.as(org, (tx) =>
    tx
      .insertInto('organisation')
      .values({ org, name, created_at: service.now() })
      .onConflict((conflict) => conflict.column('org').doNothing())
      .execute(),
  );
  const ledger = await postgresLedger({ state: service.state, org, root }).open({ waitMs: 30_000 });
  await ledger.close();
  if (await isFolder(join(folder, 'data')))
    await cp(join(folder, 'data'), join(root, 'data'), { recursive: true });
  const put = await putDocuments(service, org, 'set-up', texts);
  return put.kind === 'refused' ? put : done(org);
}

function organisationIn(config: string): string | null {
  const read: unknown = parseDocument(config).toJS();
  const named =
    typeof read === 'object' && read !== null && 'organisation' in read ? read.organisation : null;
  return typeof named === 'string' ? named : null;
}

/** A folder that is not there has none. */
async function documentsIn(folder: string): Promise<ReadonlyMap<string, string>> {
  if (!(await isFolder(folder))) return new Map();
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = names
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length))
    // A request is made by somebody, and an approval given: neither is taken from a folder.
    .filter((path) => pathKind(path).kind === 'document' && !path.startsWith('requests/'));
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(folder, path), 'utf8')] as const)),
  );
}

async function firstOf(folder: string, names: readonly string[]): Promise<string | null> {
  for (const name of names) if (await isFolder(join(folder, name))) return name;
  return null;
}

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() ?? false;

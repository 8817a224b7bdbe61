/** A club of 1,065,200 members on a server, with the keys by which the bench asks. All invented. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { parse } from 'yaml';
import type { AccountsService } from '../../src/app/flow/accounts.ts';
import { createOrganisation } from '../../src/app/flow/create-organisation.ts';
import { grantRole } from '../../src/app/flow/grant-role.ts';
import { makeFirstOfficer } from '../../src/app/flow/make-first-officer.ts';
import { makeKey } from '../../src/app/flow/make-key.ts';
import { openService } from '../../src/app/flow/open-service.ts';
import type { Actor, Answer } from '../../src/app/flow/service.ts';
import { recipientKeys } from '../../src/app/supply/recipient-keys.ts';
import { organisationId, scaffold } from '../../src/app/workspace/scaffold/files.ts';
import { accountsOf } from '../../src/http/auth/accounts.ts';
import { openAuths } from '../../src/http/auth/auths.ts';
import { authSettings } from '../../src/http/auth-settings.ts';
import type { Config } from '../../src/http/config.ts';
import { openLog } from '../../src/http/log.ts';
import { serviceSettings } from '../../src/http/service-settings.ts';
import { addPeriod, dayOf } from '../../src/policy/dates.ts';
import type { StaffRole } from '../../src/store/postgres/tables.ts';

export const org = organisationId;
export const recipient = 'example-mailing';
export type Club = {
  /** The secret of a key, which asks and checks. */
  readonly steward: string;
  /** Who approves: a person, since keys do not. */
  readonly officer: Actor;
  /** Of a request, without its id. */
  readonly document: Readonly<Record<string, unknown>>;
};

/** Documents as a new workspace has them, and in place of its twenty members those of `from`, born and joined later. */
export async function makeFolder(folder: string, from: string, members: number): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  const today = dayOf(Date.now());
  for (const { path, text } of scaffold(today)) {
    if (path.startsWith('.')) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (
    SELECT member_id AS member, first_name AS forename, surname, address_1 AS address, postcode, email,
      DATE '${addPeriod(today, { months: 0, days: -330 })}' + CAST(i % 300 AS INTEGER) AS joined, 'web@1' AS notice,
      CASE WHEN i % 5 < 3 THEN 'Y' ELSE '' END AS toys, CAST(child1_born::DATE + INTERVAL 9 YEAR AS DATE) AS child_born, '' AS child_died
    FROM (SELECT row_number() OVER () AS i, * FROM read_csv('${from}', header = true, all_varchar = true) LIMIT ${members}))
    TO '${join(folder, 'data/members.csv')}' (FORMAT csv, HEADER true, DATEFORMAT '%Y-%m-%d')`);
  connection.closeSync();
  instance.closeSync();
}

/** Brought on while no server runs. */
export async function bringOn(config: Config, folder: string): Promise<Club> {
  const log = openLog('warn');
  const opened = await openService(await serviceSettings(config), log, () => new Date());
  try {
    const auths = openAuths(await authSettings(config, opened, log));
    const service: AccountsService = { ...opened.service, accounts: accountsOf(auths) };
    const keys = join(config.data, '_keys');
    const instead = new Map([['organisations.yaml', await register(folder, keys)]]);
    must(await createOrganisation(service, { org, name: 'Example Club', folder, instead }));
    const [first, second] = ['olive@club.example', 'sam@club.example'];
    must(await makeFirstOfficer(service, { org, name: 'Olive Officer', email: first }));
    const by = await officer(service, first);
    const granted = { name: 'Sam Second', role: 'officer', party: null, mayFreeze: false } as const;
    must(await grantRole(service, by, { email: second, ...granted }));
    // An officer gives keys of any role; that two people are needed holds for their makers.
    const key = async (maker: Actor, role: StaffRole): Promise<string> =>
      must(await makeKey(service, maker, { name: 'bench', roles: [role], party: null, days: 7 })).secret;
    const secrets = {
      steward: await key(await officer(service, second), 'steward'),
      officer: by,
    };
    const {
      'prepared-by': _,
      request: __,
      ...document
    } = parse(readFileSync(join(folder, 'requests/toy-offer.yaml'), 'utf8'));
    return { ...secrets, document };
  } finally {
    await opened.stop();
  }
}

async function register(folder: string, keys: string): Promise<string> {
  const made = await recipientKeys(recipient, join(keys, recipient));
  const line = `  - id: ${recipient}\n`;
  return readFileSync(join(folder, 'organisations.yaml'), 'utf8').replace(
    line,
    `${line}    age-key: ${made.ageKey}\n    signing-key: ${made.signingKey}\n`,
  );
}

async function officer({ accounts }: AccountsService, email: string): Promise<Actor> {
  const { person } = await accounts.personOf(email, email);
  return { kind: 'staff', id: person, org, roles: new Set(['officer']), party: null, mayFreeze: false };
}

function must<T>(answer: Answer<T>): T {
  if (answer.kind === 'done') return answer.value;
  throw new RangeError(`the club does not load: ${answer.code}, ${answer.message}`);
}

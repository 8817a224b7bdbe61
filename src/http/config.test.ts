import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ConfigError, configNames, readConfig, requireMail } from './config.ts';

const faultsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
};

test('without any variable the service is for this machine alone, on an embedded database', () => {
  const config = readConfig({ PATH: '/usr/bin' });
  expect(config).toMatchObject({
    url: 'http://localhost:8400',
    host: '127.0.0.1',
    database: null,
    smtpUrl: null,
    metricsToken: null,
    proxies: 0,
  });
  expect(config.limits).toMatchObject({ remindDays: [14, 7, 1, 0, -1, -7], loopbackWebhooks: true });
});

test('on a database of its own no webhook goes to the machine itself', () => {
  const { limits, database } = readConfig({ ASTOLD_DATABASE_URL: 'postgres://login:word@db/astold' });
  expect(database).toEqual({ url: 'postgres://login:word@db/astold', ownerUrl: null });
  expect(limits.loopbackWebhooks).toBeUndefined();
});

test('every fault is in one message, with the name, what was found and what was expected', () => {
  const faults = faultsOf({
    ASTOLD_PORT: 'eighty',
    ASTOLD_URL: 'http://club.example',
    ASTOLD_LOG_LEVEL: 'loud',
    ASTOLD_REMIND_DAYS: '14;7',
    ASTOLD_SMALLEST: '9',
  });
  expect(faults).toHaveLength(5);
  expect(faults.join('\n')).toMatch(/ASTOLD_PORT: found "eighty"; expected a whole number from 1 to 65535/);
  expect(faults.map((fault) => fault.split(':')[0]).toSorted()).toEqual([
    'ASTOLD_LOG_LEVEL',
    'ASTOLD_PORT',
    'ASTOLD_REMIND_DAYS',
    'ASTOLD_SMALLEST',
    'ASTOLD_URL',
  ]);
});

test('a secret is not shown, however wrong it is', () => {
  const secrets = {
    ASTOLD_DATABASE_URL: 'mysql://login:hunter2@db/astold',
    ASTOLD_SMTP_URL: 'http://login:hunter2@mail',
    ASTOLD_AUTH_SECRET: 'hunter2',
    ASTOLD_METRICS_TOKEN: 'hunter2',
    ASTOLD_URL: 'https://me:hunter2@club.example',
  };
  const faults = faultsOf(secrets);
  expect(faults).toHaveLength(5);
  expect(faults.join('\n')).not.toContain('hunter2');
});

test('a variable that is not known is a fault, with the one that may have been meant', () => {
  expect(faultsOf({ ASTOLD_DATABSE_URL: 'postgres://db/astold' })).toEqual([
    'ASTOLD_DATABSE_URL: is not known; did you mean ASTOLD_DATABASE_URL?',
  ]);
});

test('an owner without a login, and mail from nobody, are refused', () => {
  expect(faultsOf({ ASTOLD_DATABASE_OWNER_URL: 'postgres://owner@db/astold' })).toHaveLength(1);
  expect(faultsOf({ ASTOLD_SMTP_URL: 'smtps://mail.club.example' })).toHaveLength(1);
});

test('a service in earnest has a mail server, or was told that mail goes to a folder', () => {
  const database = { ASTOLD_DATABASE_URL: 'postgres://login:word@db/astold' };
  const smtp = { ASTOLD_SMTP_URL: 'smtps://mail.club.example', ASTOLD_MAIL_FROM: 'a@club.example' };
  expect(() => requireMail(readConfig(database))).toThrow(ConfigError);
  for (const said of [smtp, { ASTOLD_MAIL: 'folder' }])
    expect(() => requireMail(readConfig({ ...database, ...said }))).not.toThrow();
  expect(() => requireMail(readConfig({}))).not.toThrow();
  expect(faultsOf({ ...database, ...smtp, ASTOLD_MAIL: 'folder' })).toHaveLength(1);
  expect(faultsOf({ ASTOLD_MAIL: 'smtp' })).toHaveLength(1);
});

test.each([
  ['https://astold.club.example', 'https://astold.club.example'],
  ['https://astold.club.example/', 'https://astold.club.example'],
  ['http://localhost:9000', 'http://localhost:9000'],
  ['https://club.example/astold', null],
  ['https://me:word@club.example', null],
  ['http://192.0.2.1', null],
  ['ftp://club.example', null],
  ['club.example', null],
])('the service is reached at %s: %s', (given, url) => {
  if (url === null) expect(faultsOf({ ASTOLD_URL: given })).toHaveLength(1);
  else expect(readConfig({ ASTOLD_URL: given }).url).toBe(url);
});

test('a variable that is set to nothing is not set', () => {
  expect(readConfig(Object.fromEntries(configNames.map((name) => [name, '']))).port).toBe(8400);
});

test('every variable is in docs/service.md, and no other', () => {
  const page = readFileSync(new URL('../../docs/service.md', import.meta.url), 'utf8');
  const table = page.split('\n## ')[0] ?? '';
  const rows = table.split('\n').filter((line) => line.startsWith('| `ASTOLD_'));
  const named = rows.flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/ASTOLD_[A-Z_]+/g)]);
  expect(named.map(([name]) => name).toSorted()).toEqual([...configNames].toSorted());
});

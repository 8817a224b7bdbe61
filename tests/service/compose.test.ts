/** The files by which the service is run in containers: what of them can be read without one. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { configNames, readConfig, requireMail } from '../../src/http/config.ts';

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
type Service = {
  readonly environment: Readonly<Record<string, string | number>>;
  readonly volumes: readonly string[];
  readonly ports?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
};
const { services } = parse(read('compose.yaml'), { merge: true }) as {
  services: Readonly<Record<'database' | 'migrate' | 'astold', Service>>;
};
const { database, migrate, astold } = services;
const dockerfile = read('Dockerfile').replaceAll('\\\n', ' ');

/** As compose fills it in: `given`, or else what stands after ":-"; the innermost first. */
function filled(service: Service, given: Readonly<Record<string, string>>): Record<string, string> {
  const once = (text: string): string =>
    text.replace(/\$\{(\w+)(?::([-?])([^${}]*))?\}/g, (_, name: string, kind?: string, rest?: string) => {
      const value = given[name] ?? '';
      if (value !== '') return value;
      if (kind === '?') throw new RangeError(`${name} is wanted`);
      return rest ?? '';
    });
  return Object.fromEntries(
    Object.entries(service.environment).map(([name, value]) => [name, once(once(String(value)))]),
  );
}
const given = {
  ...{ ASTOLD_SUPERUSER_PASSWORD: 'super', ASTOLD_OWNER_PASSWORD: 'owns', ASTOLD_LOGIN_PASSWORD: 'works' },
  ...{ ASTOLD_SMTP_URL: 'smtps://mail.club.example', ASTOLD_MAIL_FROM: 'astold@club.example' },
};

test('what compose sets is a configuration, with the port of the machine in its address alone', () => {
  for (const service of [astold, migrate]) {
    expect(Object.keys(service.environment).filter((name) => !configNames.some((n) => n === name))).toEqual(
      [],
    );
    const config = readConfig(filled(service, { ...given, ASTOLD_PORT: '9000' }));
    requireMail(config);
    expect(config).toMatchObject({ url: 'http://localhost:9000', port: 8400 });
  }
  expect(astold.ports?.map((port) => port.split('$'))).toEqual([['127.0.0.1:', '{ASTOLD_PORT:-8400}:8400']]);
});

test('without passwords or a mail server nothing starts', () => {
  for (const name of [
    'ASTOLD_LOGIN_PASSWORD',
    'ASTOLD_OWNER_PASSWORD',
    'ASTOLD_SMTP_URL',
    'ASTOLD_MAIL_FROM',
  ])
    expect(() => filled(migrate, { ...given, [name]: '' }), name).toThrow(RangeError);
  expect(() => filled(database, { ...given, ASTOLD_SUPERUSER_PASSWORD: '' })).toThrow(RangeError);
});

test("each knows its own password: the service neither the owner's nor the superuser's", () => {
  const passwords = (service: Service): readonly string[] =>
    ['super', 'owns', 'works'].filter((word) =>
      Object.values(filled(service, given)).some((value) => value === word || value.includes(`:${word}@`)),
    );
  expect(passwords(database)).toEqual(['super']);
  expect(passwords(migrate)).toEqual(['owns', 'works']);
  expect(passwords(astold)).toEqual(['works']);
  expect(astold.depends_on?.migrate?.condition).toBe('service_completed_successfully');
});

test('the database counts as there once it answers by the network', () => {
  expect(database.healthcheck?.test).toContain('--host=127.0.0.1');
});

test('the image reads its files whoever may on the host, asks its own port, and has the command and a place for backups', () => {
  const copies = dockerfile.split('\n').filter((line) => /^COPY (?!--from)/.test(line));
  // Those of the first stage are read by its root.
  expect(copies.slice(1).every((line) => line.startsWith('COPY --chown=node:node '))).toBe(true);
  expect(copies.length).toBeGreaterThan(3);
  const health = /^HEALTHCHECK .*$/m.exec(dockerfile)?.[0] ?? '';
  expect(health).toContain('process.env.ASTOLD_PORT');
  expect(health).not.toContain('8400');
  expect(dockerfile).toContain('> /usr/local/bin/astold');
  expect(dockerfile).toMatch(/chown node:node \/data \/backup/);
  for (const service of [migrate, astold])
    expect(service.volumes.some((v) => v.endsWith(':/backup'))).toBe(true);
});

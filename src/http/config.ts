/** The configuration: the environment's ASTOLD_ variables, checked at start, every fault in one message. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Limits } from '../app/flow/service.ts';
import { nearestWithin } from '../documents/nearest.ts';

export type Config = {
  /** Where the service is reached from outside, without a slash at its end. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Absolute. */
  readonly data: string;
  /** Null: an embedded database in the data folder, for trying out. */
  readonly database: { readonly url: string; readonly ownerUrl: string | null } | null;
  readonly smtpUrl: string | null;
  /** Whether it was said that mail goes to files; without it a database of its own wants a mail server. */
  readonly mailToFolder: boolean;
  readonly mailFrom: string;
  readonly authSecret: string | null;
  readonly metricsToken: string | null;
  /** How many proxies stand before the server, each adding whom it heard to `X-Forwarded-For`. */
  readonly proxies: number;
  readonly logLevel: (typeof logLevels)[number];
  /** How long a stop waits for what is being done. */
  readonly stopSeconds: number;
  /** Of one address, and of one who is signed in, a minute. */
  readonly requestsPerMinute: number;
  readonly limits: Limits;
};

export class ConfigError extends Error {
  readonly code = 'config-invalid';
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`the configuration is not valid:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

const logLevels = ['debug', 'info', 'warn', 'error'] as const;
type Field = {
  readonly expected: string;
  readonly schema: z.ZodType;
  /** Never shown, not even where it is wrong. */
  readonly secret: boolean;
};

const whole = (least: number, most: number, unless: number): Field => ({
  expected: `a whole number from ${least} to ${most}`,
  schema: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.int().min(least).max(most))
    .default(unless),
  secret: false,
});
/** While a release is made one core is left to those who ask. */
const allButOne = Math.max(1, availableParallelism() - 1);
const postgresUrl: Field = {
  expected: 'postgres://user:password@host:port/database',
  schema: z
    .url({ protocol: /^postgres(ql)?$/ })
    .nullable()
    .default(null),
  secret: true,
};
const longSecret: Field = {
  expected: 'at least 32 characters',
  schema: z.string().min(32).max(500).nullable().default(null),
  secret: true,
};

const fields = {
  ASTOLD_URL: {
    expected: 'https://host, without a path; http:// for localhost alone',
    schema: z.string().transform(bareOrigin).pipe(z.string()).nullable().default(null),
    secret: false,
  },
  ASTOLD_HOST: {
    expected: 'an address or a name to listen on, such as 127.0.0.1 or 0.0.0.0',
    schema: z
      .string()
      .regex(/^[A-Za-z0-9.:_-]{1,253}$/)
      .default('127.0.0.1'),
    secret: false,
  },
  ASTOLD_PORT: whole(1, 65_535, 8400),
  ASTOLD_DATA: {
    expected: 'a folder',
    schema: z
      .string()
      .min(1)
      .default('astold-data')
      .transform((folder) => resolve(folder)),
    secret: false,
  },
  ASTOLD_DATABASE_URL: postgresUrl,
  ASTOLD_DATABASE_OWNER_URL: postgresUrl,
  ASTOLD_SMTP_URL: {
    expected: 'smtps://user:password@host:port',
    schema: z
      .url({ protocol: /^smtps?$/ })
      .nullable()
      .default(null),
    secret: true,
  },
  ASTOLD_MAIL: {
    expected: '"folder", or nothing',
    schema: z.literal('folder').nullable().default(null),
    secret: false,
  },
  ASTOLD_MAIL_FROM: {
    expected: 'a bare address, such as astold@club.example',
    schema: z.email().max(254).nullable().default(null),
    secret: false,
  },
  ASTOLD_AUTH_SECRET: longSecret,
  ASTOLD_METRICS_TOKEN: longSecret,
  ASTOLD_PROXIES: whole(0, 5, 0),
  ASTOLD_LOG_LEVEL: {
    expected: `one of ${logLevels.join(', ')}`,
    schema: z.enum(logLevels).default('info'),
    secret: false,
  },
  ASTOLD_STOP_SECONDS: whole(0, 600, 20),
  ASTOLD_REQUESTS_PER_MINUTE: whole(1, 1_000_000, 600),
  ASTOLD_UPLOAD_MEGABYTES: whole(1, 1_000_000, 2_000),
  ASTOLD_CHECKS_OF_REQUEST: whole(1, 1_000, 10),
  ASTOLD_CHECKS_OF_PARTY: whole(1, 10_000, 30),
  ASTOLD_SMALLEST: whole(10, 100_000, 100),
  ASTOLD_DOWNLOAD_MINUTES: whole(1, 10_080, 60),
  ASTOLD_PASSED_ON_DAYS: whole(1, 31, 7),
  ASTOLD_ENGINE_THREADS: whole(1, 1_024, allButOne),
  ASTOLD_ENGINE_MEMORY: {
    expected: 'such as 512MB or 4GB',
    schema: z
      .string()
      .regex(/^[1-9]\d{0,5}(MB|GB)$/)
      .nullable()
      .default(null),
    secret: false,
  },
  ASTOLD_REMIND_DAYS: {
    expected: 'days before a duty is due, such as 14,7,1,0,-1,-7',
    schema: z
      .string()
      .regex(/^-?\d{1,3}(,-?\d{1,3})*$/)
      .default('14,7,1,0,-1,-7')
      .transform((days) => days.split(',').map(Number)),
    secret: false,
  },
} as const satisfies Readonly<Record<string, Field>>;
type Name = keyof typeof fields;
/** Of the command line and of the tests, which a server may be started with. */
const others = ['ASTOLD_DEBUG', 'ASTOLD_TEST_DATA'];

/** The names of all variables, for the page that documents them. */
export const configNames = Object.keys(fields) as readonly Name[];

/** Throws ConfigError with every fault. A variable that is set to nothing counts as not set. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = new Map(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[0].startsWith('ASTOLD_') && (entry[1] ?? '') !== '',
    ),
  );
  const faults = unknownNames(given.keys());
  const read = <T>(name: Name): T => {
    const { schema, expected, secret } = fields[name];
    const found = given.get(name);
    const parsed = schema.safeParse(found);
    if (!parsed.success) faults.push(faultOf(name, found ?? '', expected, secret));
    return parsed.data as T;
  };
  const port = read<number>('ASTOLD_PORT');
  const url = read<string | null>('ASTOLD_URL');
  const databaseUrl = read<string | null>('ASTOLD_DATABASE_URL');
  const ownerUrl = read<string | null>('ASTOLD_DATABASE_OWNER_URL');
  const smtpUrl = read<string | null>('ASTOLD_SMTP_URL');
  const mailFrom = read<string | null>('ASTOLD_MAIL_FROM');
  // One that is faulty has been said already, and is undefined here.
  if (ownerUrl && databaseUrl === null)
    faults.push(
      'ASTOLD_DATABASE_OWNER_URL: is set, and ASTOLD_DATABASE_URL is not; expected both, or neither',
    );
  if (smtpUrl && mailFrom === null)
    faults.push(
      `ASTOLD_MAIL_FROM: is not set, and ASTOLD_SMTP_URL is; expected ${fields.ASTOLD_MAIL_FROM.expected}`,
    );
  const mailToFolder = read<string | null>('ASTOLD_MAIL') === 'folder';
  if (smtpUrl && mailToFolder)
    faults.push('ASTOLD_MAIL: is "folder", and ASTOLD_SMTP_URL is set; expected one of them');
  const engineMemory = read<string | null>('ASTOLD_ENGINE_MEMORY');
  const config: Config = {
    url: url ?? `http://localhost:${port}`,
    host: read('ASTOLD_HOST'),
    port,
    data: read('ASTOLD_DATA'),
    database: databaseUrl === null ? null : { url: databaseUrl, ownerUrl },
    smtpUrl,
    mailToFolder,
    mailFrom: mailFrom ?? 'astold@localhost',
    authSecret: read('ASTOLD_AUTH_SECRET'),
    metricsToken: read('ASTOLD_METRICS_TOKEN'),
    proxies: read('ASTOLD_PROXIES'),
    logLevel: read('ASTOLD_LOG_LEVEL'),
    stopSeconds: read('ASTOLD_STOP_SECONDS'),
    requestsPerMinute: read('ASTOLD_REQUESTS_PER_MINUTE'),
    limits: {
      checksOfRequest: read('ASTOLD_CHECKS_OF_REQUEST'),
      checksOfParty: read('ASTOLD_CHECKS_OF_PARTY'),
      smallest: read('ASTOLD_SMALLEST'),
      downloadMinutes: read('ASTOLD_DOWNLOAD_MINUTES'),
      remindDays: read('ASTOLD_REMIND_DAYS'),
      passedOnDays: read('ASTOLD_PASSED_ON_DAYS'),
      uploadBytes: read<number>('ASTOLD_UPLOAD_MEGABYTES') * 1_000_000,
      engineThreads: read('ASTOLD_ENGINE_THREADS'),
      ...(engineMemory ? { engineMemory } : {}),
      // An embedded database is for trying out, where webhooks may be tried as well.
      ...(databaseUrl === null ? { loopbackWebhooks: true } : {}),
    },
  };
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

/**
 * Throws ConfigError where a service that is in earnest has no way to send mail: invitations and links to sign in would lie
 * in a folder, and nobody would know. Commands that send nothing do without.
 */
export function requireMail({ database, smtpUrl, mailToFolder }: Config): void {
  if (database === null || smtpUrl !== null || mailToFolder) return;
  throw new ConfigError([
    `ASTOLD_SMTP_URL: is not set, and ASTOLD_DATABASE_URL is; expected ${fields.ASTOLD_SMTP_URL.expected}, or ASTOLD_MAIL=folder, which puts mail, and the links in it, into files of the data folder`,
  ]);
}

function faultOf(name: string, found: string, expected: string, secret: boolean): string {
  const open = found.replace(/\/\/.*@/, '//***@').slice(0, 80);
  const shown = secret ? 'what it is set to is not shown' : `found ${JSON.stringify(open)}`;
  return `${name}: ${shown}; expected ${expected}`;
}

function unknownNames(names: Iterable<string>): string[] {
  const known: readonly string[] = [...configNames, ...others];
  return [...names]
    .filter((name) => !known.includes(name))
    .map((name) => {
      const meant = nearestWithin(name, known, 4);
      return `${name}: is not known${meant === null ? '' : `; did you mean ${meant}?`}`;
    });
}

/** The origin of an address that is no more than one; cookies need TLS, but on the machine itself. Else null. */
function bareOrigin(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  const fits = url.protocol === 'https:' || (url.protocol === 'http:' && local);
  const bare = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  return fits && bare ? url.origin : null;
}

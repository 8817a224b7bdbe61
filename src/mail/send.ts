/** How mail leaves: by SMTP, or, to try things out, as files in a folder. */
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';

export type MailToSend = {
  /** Stays the same whenever it is sent: whoever gets it twice sees that it is one. */
  readonly id: string;
  readonly recipient: string;
  readonly subject: string;
  readonly body: string;
  readonly madeAt: Date;
};
export type Transport = {
  readonly kind: 'smtp' | 'folder';
  /** Returns once it was taken over. Throws what `mail-fault.ts` reads. */
  send(mail: MailToSend): Promise<void>;
  close(): void;
};
export type TransportOptions = {
  /** `smtp://user:password@host:587` or `smtps://...`; null: into the folder. */
  readonly smtp: string | null;
  /** The bare address that mail comes from. */
  readonly from: string;
  readonly folder: string;
};

/** A server that says nothing for so long is away, in milliseconds. Together they stay below the outbox's lease. */
const patience = { connectionTimeout: 20_000, greetingTimeout: 20_000, socketTimeout: 60_000 };
/** Nothing in a mail makes us read a file or a page. */
const sealed = { disableFileAccess: true, disableUrlAccess: true };

export function openTransport({ smtp, from, folder }: TransportOptions): Transport {
  return smtp === null ? intoFolder(from, folder) : bySmtp(from, smtp);
}

function bySmtp(from: string, url: string): Transport {
  const mailer = createTransport({ url, ...patience, ...sealed });
  return {
    kind: 'smtp',
    async send(mail) {
      await mailer.sendMail(optionsOf(mail, from));
    },
    close: () => mailer.close(),
  };
}

function intoFolder(from: string, folder: string): Transport {
  const mailer = createTransport({ streamTransport: true, buffer: true, newline: 'windows', ...sealed });
  return {
    kind: 'folder',
    async send(mail) {
      const { message } = await mailer.sendMail(optionsOf(mail, from));
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const path = join(folder, `${mail.madeAt.toISOString().replaceAll(':', '-')}-${mail.id}.eml`);
      await writeFile(`${path}.aside`, message, { mode: 0o600 });
      await rename(`${path}.aside`, path);
    },
    close: () => mailer.close(),
  };
}

function optionsOf({ id, recipient, subject, body, madeAt }: MailToSend, from: string): SendMailOptions {
  return {
    // As objects: nothing in an address makes two of it.
    from: { name: 'AsTold', address: from },
    to: { name: '', address: recipient },
    subject,
    text: body,
    date: madeAt,
    messageId: `<${id}@${from.split('@').at(-1) ?? 'localhost'}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

/** Files of mail that were made before `before` are removed: in a folder nothing is on its way. */
export async function forgetMailFiles(folder: string, before: Date): Promise<void> {
  for (const name of await readdir(folder).catch(noneIfMissing)) {
    if (!/\.eml(\.aside)?$/.test(name)) continue;
    const path = join(folder, name);
    const { mtime } = await stat(path);
    if (mtime < before) await rm(path, { force: true });
  }
}

function noneIfMissing(error: unknown): readonly string[] {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
  throw error;
}

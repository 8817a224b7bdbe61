/** What a backup's archives look like: zips whose last member says what the others are. */
import { z } from 'zod';

export const contentsName = 'backup.json';
export const archiveVersion = 1;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** Within the folder it is unpacked to, whatever it says. */
export const memberName = z
  .string()
  .max(1000)
  .refine(
    (name) =>
      !name.includes('\\') &&
      !name.includes('\0') &&
      !/^[A-Za-z]:/.test(name) &&
      name.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
  );
const org = z.string().regex(/^(\*|[a-z0-9][a-z0-9-]{0,62})$/);
const member = { name: memberName, bytes: z.int().nonnegative(), sha256 };

export const fileMember = z.strictObject({ kind: z.literal('file'), ...member });
export const tableMember = z.strictObject({
  kind: z.literal('table'),
  ...member,
  schema: z.string(),
  table: z.string(),
  org: org.nullable(),
});
export type Member = z.infer<typeof fileMember> | z.infer<typeof tableMember>;

export const archiveContents = z.strictObject({
  version: z.literal(archiveVersion),
  /** `state` is all but what opens it; `keys` are the keys and vaults, kept apart. */
  kind: z.enum(['state', 'keys']),
  /** The same in the two archives of one backup. */
  backup: z.uuid(),
  program: z.string(),
  made: z.iso.datetime(),
  organisations: z.array(org),
  migrations: z.array(z.strictObject({ name: z.string(), digest: sha256 })),
  members: z.array(z.discriminatedUnion('kind', [fileMember, tableMember])),
});
export type ArchiveContents = z.infer<typeof archiveContents>;

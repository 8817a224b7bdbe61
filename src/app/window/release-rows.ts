/** A past release as the passing on of what is said needs it: what it was asked for, and which rows are in it. */
import { join } from 'node:path';
import type { Engine } from '../../bulk/engine.ts';
import { readKeyOf } from '../../documents/key.ts';
import { readRegular } from '../../documents/regular-file.ts';
import { contextSchema } from '../../evidence/files.ts';
import { judge } from '../../policy/judge.ts';
import type { GateContext } from '../../policy/judgement.ts';
import type { Organisation, Scope } from '../../policy/model.ts';
import { keyedHash } from '../../roster/token.ts';
import { readManifest } from '../../supply/manifest-read.ts';
import { traceCode, traceKey } from '../../supply/trace-code.ts';
import { pseudonymKey } from '../gate/context.ts';
import { judgedDocuments } from '../proof/judged-documents.ts';

export type ReleaseRows = {
  readonly release: string;
  readonly source: string;
  /** Entries of the log that it was decided with: what is logged from there on, it does not know of. */
  readonly logSize: bigint;
  /** As the gate asks it (A5, C1): by the request it was made for, and the organisations of then and of today. */
  meets(scope: Scope): boolean;
  /** The trace codes of those of the records that are in it, by record id. */
  codesOf(engine: Engine, records: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The trace codes of those in it that are not among `records`, a Parquet file of today's, by pseudonym. */
  goneFrom(engine: Engine, records: string): Promise<ReadonlyMap<string, string>>;
};

const atOnce = 1_000;

/** Throws SupplyError and what the file system throws where the release is not on the disk whole, KeyError. */
export async function releaseRows(
  root: string,
  release: string,
  organisations: readonly Organisation[],
): Promise<ReleaseRows> {
  const folder = join(root, 'releases', release);
  const manifest = readManifest((await readRegular(join(folder, 'manifest.json'))).toString('utf8'));
  const { key } = await readKeyOf(root, manifest.key);
  const request = { id: manifest.documents.find(({ kind }) => kind === 'request')?.id ?? '' };
  const pseudonyms = pseudonymKey(key, { day: manifest.day, request, source: manifest.source });
  const codes = traceKey(key, release);
  const decisions = join(folder, manifest.decisions.file);
  return {
    release,
    source: manifest.source.id,
    logSize: BigInt(manifest.logSize),
    meets: await scopeOf(join(root, 'evidence', release), organisations),
    async codesOf(engine, records) {
      const found = new Map<string, string>();
      const { dialect } = engine;
      for (let start = 0; start < records.length; start += atOnce) {
        const of = new Map(
          records.slice(start, start + atOnce).map((record) => [keyedHash(pseudonyms, record), record]),
        );
        const rows = await engine.rows(
          `SELECT d.pseudonym AS pseudonym FROM ${dialect.parquet(decisions)} d
           WHERE d.reasons = 0 AND d.pseudonym IN (${[...of.keys()].map((each) => dialect.literal(each)).join(', ')})`,
        );
        for (const { pseudonym } of rows) {
          const record = of.get(String(pseudonym));
          if (record !== undefined) found.set(record, traceCode(codes, String(pseudonym)));
        }
      }
      return found;
    },
    async goneFrom(engine, records) {
      const { dialect } = engine;
      const now = `SELECT ${dialect.keyedHash(pseudonyms, 'r.rid')} AS pseudonym FROM ${dialect.parquet(records)} r`;
      const gone = await engine.rows(
        `SELECT d.pseudonym AS pseudonym FROM ${dialect.parquet(decisions)} d LEFT JOIN (${now}) n ON n.pseudonym = d.pseudonym
         WHERE d.reasons = 0 AND n.pseudonym IS NULL`,
      );
      return new Map(gone.map(({ pseudonym }) => [String(pseudonym), traceCode(codes, String(pseudonym))]));
    },
  };
}

/** Where the documents of then are there no more (evidence expires), nobody knows what a stop leaves out: nothing (A5). */
async function scopeOf(evidence: string, today: readonly Organisation[]): Promise<(scope: Scope) => boolean> {
  const context = await contextOf(evidence);
  if (context === null) return () => true;
  const then = judge(context, []);
  const organisations = new Map([...context.organisations, ...today].map((each) => [each.id, each]));
  const now = judge({ ...context, organisations: [...organisations.values()] }, []);
  return (scope) => then.meets(scope) || now.meets(scope);
}

async function contextOf(evidence: string): Promise<GateContext | null> {
  try {
    const stated: unknown = JSON.parse((await readRegular(join(evidence, 'context.json'))).toString('utf8'));
    return (await judgedDocuments(evidence, contextSchema.parse(stated))).context;
  } catch {
    return null;
  }
}

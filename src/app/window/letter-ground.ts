/** What a release was made of, as its evidence keeps it: whoever asks of a letter is told what held then, not what does today. */
import { join } from 'node:path';
import type { Engine } from '../../bulk/engine.ts';
import { deriveKey, readKeyOf } from '../../documents/key.ts';
import { readRegular } from '../../documents/regular-file.ts';
import { manifestSchema } from '../../evidence/files.ts';
import { readStated } from '../../evidence/folder.ts';
import { readHistories } from '../../evidence/judged.ts';
import type { GateContext, ReducedHistory } from '../../policy/judgement.ts';
import type { Notice, Upstream } from '../../policy/model.ts';
import { pseudonymKey } from '../gate/context.ts';
import { judgedDocuments } from '../proof/judged-documents.ts';

export type LetterGround = {
  readonly root: string;
  readonly release: string;
  readonly day: string;
  readonly context: GateContext;
  /** What stood in its histories, by number. */
  readonly histories: readonly ReducedHistory[];
  /** Of its pseudonyms; and of what stands for somebody whom nobody can name. 32 ASCII characters each. */
  readonly keys: { readonly pseudonyms: string; readonly unnamed: string };
};

const kept = new Map<string, Promise<LetterGround>>();
/** A notice's text is a few pages, and a release has a few notices. */
const mostKept = 100;

/**
 * A release does not change: read once. Throws EvidenceError where its evidence is not what it committed to, or is kept no
 * longer; KeyError.
 */
export function letterGround(root: string, release: string): Promise<LetterGround> {
  const path = join(root, 'releases', release);
  const before = kept.get(path);
  if (before !== undefined) return before;
  const reading = read(root, release);
  if (kept.size >= mostKept) kept.clear();
  kept.set(path, reading);
  reading.catch(() => kept.delete(path));
  return reading;
}

async function read(root: string, release: string): Promise<LetterGround> {
  const json = async (path: string): Promise<unknown> =>
    JSON.parse((await readRegular(join(root, path))).toString('utf8'));
  const manifest = manifestSchema.parse(await json(`releases/${release}/manifest.json`));
  const evidence = join(root, 'evidence', release);
  const stated = await readStated(evidence, manifest.evidence.digest);
  const { context } = await judgedDocuments(evidence, stated);
  const { key } = await readKeyOf(root, manifest.key);
  return {
    ...{ root, release, day: manifest.day, context },
    histories: readHistories(await json(`evidence/${release}/histories.json`)),
    keys: {
      pseudonyms: pseudonymKey(key, { day: manifest.day, request: context.request, source: manifest.source }),
      unnamed: deriveKey(key, `astold/1/letter/${release}`),
    },
  };
}

export type Governing = { readonly notices: readonly Notice[]; readonly upstream: readonly Upstream[] };

/**
 * The notices, and the terms of data bought in, that governed the row of a pseudonym (A6 to A8). A sleeper has no row: it is
 * shown what the next one was told, and looks like any other.
 */
export async function governing(
  engine: Engine,
  { root, release, context, histories }: LetterGround,
  pseudonym: string,
): Promise<Governing> {
  const { dialect } = engine;
  const rows = dialect.parquet(join(root, 'evidence', release, 'predicates.parquet'));
  const from = (least: string): string =>
    `SELECT * FROM ${rows} p WHERE leaf IS NOT NULL AND pseudonym >= ${dialect.literal(least)} ORDER BY pseudonym LIMIT 1`;
  const [row] = [...(await engine.rows(from(pseudonym))), ...(await engine.rows(from('')))];
  const shown = Object.entries(row ?? {})
    .filter(([column]) => /^v\d+$/.test(column))
    .flatMap(([, number]) => histories[Number(number)] ?? []);
  const ids = new Set(
    shown.flatMap((each) => [...each.candidates, ...each.later.map(({ notice }) => notice)]),
  );
  const origins = new Set(shown.map(({ origin }) => origin));
  return {
    notices: context.notices.filter(({ id }) => ids.has(id)),
    upstream: context.upstream.filter(({ id }) => origins.has(id)),
  };
}

/** `records.parquet`: each record that can be read, typed; and the rejects, each with its line and its cause. */
import { join } from 'node:path';
import type { Child } from '../../policy/facts.ts';
import type { ChildSlot, Source } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import { type Areas, areasTable } from './areas.ts';
import { type Answers, booleanOf, type Cells, cellsOf } from './cells.ts';
import { requireColumns } from './columns.ts';
import { distinctIds, refuseDuplicates } from './duplicates.ts';
import { historyKey, plainFrom } from './history.ts';
import { type HeldKey, heldKeyNames, heldKeys, keyHash, type Part, recordPart } from './keys.ts';
import { layered } from './layered.ts';
import { syncMeanwhile } from './publish.ts';
import { writeRejects } from './rejects.ts';
import { type Aside, type Opened, readTable } from './table.ts';

export type RecordsRead = {
  readonly records: number;
  readonly rejected: number;
  /** Rows with fewer cells than the header names. */
  readonly shortRows: number;
  /** Postcodes that the areas give to different areas; mostly not counted where no record has one. */
  readonly areasConflicting: number;
  readonly columns: readonly string[];
};

/** Writes `records.parquet`, `rejected.parquet` and, where there are any, `rejects.csv` to `dir`. */
export async function readRecords(
  engine: Engine,
  source: Source,
  opened: Opened,
  aside: Aside,
  areas: Areas | null,
  dir: string,
): Promise<RecordsRead> {
  const path = join(dir, 'records.parquet');
  let [records, distinct, conflicting] = [0, 0, 0];
  let columns: readonly string[] = [];
  let cells: Cells | null = null;
  const table = await readTable(engine, opened, aside, async (read) => {
    requireColumns(read, opened.file.path, columnsRead(source));
    cells = cellsOf(engine, read, opened.spec);
    const selected = columnsOf(engine, source, cells);
    columns = selected.map(([name]) => name);
    const list = selected.map(([name, sql]) => `${sql} AS ${engine.dialect.identifier(name)}`).join(', ');
    const folded = foldedParts(engine, source, cells);
    const from = `(SELECT *${folded.map(([part, sql]) => `, ${sql} AS p_${part}`).join('')} FROM ${cells.sql(read.sql, false)})`;
    const select = (): string =>
      `${areas?.before() ?? ''}SELECT ${list} FROM ${from} AS c ${areaJoin(source)} WHERE NOT bad${areas?.whole() ?? ''}`;
    const write = async (): Promise<void> => {
      records = await layered(engine, () => engine.copy(select(), path, 'snapshot'));
      [distinct] = await Promise.all([distinctIds(engine, path), syncMeanwhile(path)]);
    };
    /** Whether the areas were not as they should be, and now are. */
    const settled = async (): Promise<boolean> => {
      const found = (await areas?.settle()) ?? null;
      conflicting = found ?? conflicting;
      return found !== null;
    };
    try {
      await write();
    } catch (error) {
      // It may be the areas that the engine cannot cut.
      if (!(error instanceof Error && engine.intake.isCsvFault(error) && (await settled()))) throw error;
      await write();
    }
    if (records === read.rows && distinct === records) return records;
    // A postcode that stands twice in the areas gives a record twice, and may make up for one that was put aside.
    if (await settled()) await write();
    if (records === read.rows) return records;
    const [all] = await engine.rows(`SELECT COUNT(*) AS n FROM ${read.sql}`);
    return Number(all?.n);
  });
  if (cells === null) throw new RangeError('a table was read without reading it');
  const put = { bad: table.rows - records, record: source.record };
  const rejects = await writeRejects(engine, table, cells, put, dir);
  await refuseDuplicates(engine, {
    table,
    cells,
    record: source.record,
    shown: opened.file.path,
    unique: put.bad === 0 && distinct === records,
  });
  return { records, rejected: rejects, shortRows: table.short, areasConflicting: conflicting, columns };
}

/** `area` is a field that the file itself does not hold. */
const isArea = (source: Source, name: string): boolean => source.areas !== null && name === 'area';

function columnsRead(source: Source): readonly string[] {
  const column = (from: { readonly column: string } | { readonly constant: string } | null): string | null =>
    from && 'column' in from ? from.column : null;
  return [
    source.record,
    ...source.fields.filter(({ name }) => !isArea(source, name)).map((field) => field.column),
    ...source.collections.flatMap((c) => [
      column(c.notice),
      column(c.printCode),
      column(c.collectedBy),
      c.date,
      column(c.origin),
    ]),
    ...source.consents.flatMap((c) => [c.column, c.date]),
    ...source.presented.flatMap((p) => [column(p.notice), p.date, column(p.delivery)]),
  ].filter((name) => name !== null);
}

function columnsOf(
  engine: Engine,
  source: Source,
  cells: Cells,
): readonly (readonly [name: string, sql: string])[] {
  const field = (name: string | null): string | null => {
    const found = source.fields.find((f) => f.name === name);
    return found ? cells.typed(found.column, found.type) : null;
  };
  return [
    ['rid', cells.typed(source.record, 'required')],
    ...source.fields
      .filter(({ name }) => !isArea(source, name))
      .map((f) => [`f_${f.name}`, cells.typed(f.column, f.type)] as const),
    ...(source.areas === null
      ? []
      : [['f_area', source.roles.postcode === null ? 'CAST(NULL AS VARCHAR)' : 'a.area'] as const]),
    ...source.collections.flatMap((c) => [
      [`h_${c.id}`, historyKey(engine, cells, c)] as const,
      [`on_${c.id}`, c.date === null ? 'CAST(NULL AS DATE)' : cells.typed(c.date, 'date')] as const,
    ]),
    ...source.consents.flatMap((c, i) => [
      [
        `k_${i}`,
        `coalesce(${cells.text(c.column)} IN (${c.yes.map(engine.dialect.literal).join(', ')}), FALSE)`,
      ] as const,
      [`k_${i}_at`, c.date === null ? 'CAST(NULL AS BIGINT)' : cells.typed(c.date, 'instant')] as const,
    ]),
    ...source.children.map((slot, i) => [`ch_${i}_state`, childState(engine, source, cells, slot)] as const),
    ['deceased', flag(field(source.roles.deceased), source, source.roles.deceased)],
    ['gone_away', flag(field(source.roles.goneAway), source, source.roles.goneAway)],
    ...source.presented.map((_, j) => [`p_${j}`, presentedElement(engine, source, cells, j)] as const),
    ...heldKeyNames.map((key) => [`m_${key}`, heldKey(engine, source, cells, key)] as const),
  ];
}

const heldParts = [...new Set(heldKeyNames.flatMap((key): readonly Part[] => heldKeys[key]))];

/** The parts of contact details that keys are made of, folded, of those that the source has. */
function foldedParts(engine: Engine, source: Source, cells: Cells): readonly (readonly [Part, string])[] {
  return heldParts.flatMap((part) => {
    const sql = recordPart(
      engine,
      source,
      part,
      (field) => cells.typed(field.column, field.type),
      cells.exotic,
    );
    return sql === null ? [] : [[part, sql] as const];
  });
}

/** Null, and so met by nothing, where the source lacks a part of it. */
function heldKey(engine: Engine, source: Source, cells: Cells, key: HeldKey): string {
  const there = new Set(foldedParts(engine, source, cells).map(([part]) => part));
  const parts: readonly Part[] = heldKeys[key];
  return parts.every((part) => there.has(part))
    ? keyHash(engine, key, (part) => `p_${part}`)
    : engine.intake.noHash;
}

/** False where nothing is mapped; null, which refuses, where what is mapped says neither yes nor no. */
function flag(x: string | null, source: Source, name: string | null): string {
  if (x === null) return name === null ? 'FALSE' : 'CAST(NULL AS BOOLEAN)';
  return yesOrNo(x, source, name, ['TRUE', 'FALSE']);
}

function yesOrNo(x: string, source: Source, name: string | null, [yes, no]: Answers): string {
  const type = source.fields.find((f) => f.name === name)?.type;
  if (type === 'boolean') return `CASE WHEN ${x} THEN ${yes} WHEN NOT ${x} THEN ${no} END`;
  // A date of death, or of moving away, says yes.
  if (type === 'date') return `CASE WHEN ${x} IS NOT NULL THEN ${yes} END`;
  return booleanOf(type === 'integer' ? `CAST(${x} AS VARCHAR)` : x, [yes, no]);
}

/** C6: a child is there if anything of the slot is; only an explicit no, or an empty cell, is alive. Null: no child. */
function childState(engine: Engine, source: Source, cells: Cells, slot: ChildSlot): string {
  const of = (name: string | null): string | null => {
    const found = source.fields.find((f) => f.name === name);
    return found ? cells.typed(found.column, found.type) : null;
  };
  const state = (word: Child['state']): string => engine.intake.word(word, ['living', 'died', 'unknown']);
  const died = of(slot.died);
  const living = [of(slot.birthDate), of(slot.name)]
    .filter((x) => x !== null)
    .map((x) => `WHEN ${x} IS NOT NULL THEN ${state('living')}`);
  if (died === null) return living.length === 0 ? 'CAST(NULL AS VARCHAR)' : `CASE ${living.join(' ')} END`;
  const said = yesOrNo(died, source, slot.died, [state('died'), state('living')]);
  return `CASE WHEN ${died} IS NOT NULL THEN coalesce(${said}, ${state('unknown')}) ${living.join(' ')} END`;
}

/** A later notice as the record's own columns have it (A7): `NOTICE~YYYY-MM-DD~DELIVERY`; null where nothing says it was shown. */
function presentedElement(engine: Engine, source: Source, cells: Cells, j: number): string {
  const spec = source.presented[j];
  if (!spec) throw new RangeError(`no presented notice ${j}`);
  const notice = plainFrom(engine, cells, spec.notice);
  const on = cells.day(spec.date);
  const delivery = plainFrom(engine, cells, spec.delivery);
  // A notice named in a column was shown; one that is the same for all was shown to those with a date or a delivery.
  const says = [
    ...('column' in spec.notice ? [notice] : []),
    on,
    ...(spec.delivery && 'column' in spec.delivery ? [delivery] : []),
  ];
  const said = engine.dialect.joinTexts([
    `coalesce(${notice}, '?')`,
    "'~'",
    `coalesce(${on}, '?')`,
    "'~'",
    delivery,
  ]);
  return `CASE WHEN coalesce(${says.join(', ')}) IS NOT NULL THEN ${said} END`;
}

function areaJoin(source: Source): string {
  const postcode = source.fields.find((f) => f.name === source.roles.postcode);
  return source.areas === null || !postcode ? '' : `LEFT JOIN ${areasTable} a ON a.postcode = p_postcode`;
}

/** The named sets of an audience: written out, or a column of a CSV file. An empty set is refused: it selects nobody. */
import type { NamedSet } from '../policy/model.ts';
import { digestOf } from './digest.ts';
import type { Fault } from './fault.ts';
import { nearest } from './nearest.ts';
import type { YamlFile } from './parse-yaml.ts';
import { readRegular } from './regular-file.ts';
import { inlineSets, type RequestDocument, setFiles } from './request.ts';

export type ReadSets = { readonly sets: readonly NamedSet[]; readonly faults: readonly Fault[] };

/** Reads the sets of a request; `at` gives where a file that it names lies. Values are trimmed, sorted and kept once. */
export async function readSets(
  yaml: YamlFile,
  document: RequestDocument,
  at: (file: string) => string,
): Promise<ReadSets> {
  const sets: NamedSet[] = [];
  const faults: Fault[] = [];
  const keep = (name: string, values: readonly string[]): void => {
    const kept = [...new Set(values.map((v) => v.trim()).filter((v) => v !== ''))].sort();
    if (kept.length === 0)
      faults.push(
        yaml.at(['audience', 'sets', name], {
          code: 'set-empty',
          expected: 'a set with at least one value',
          rule: 'C9',
        }),
      );
    else sets.push({ name, values: kept, digest: digestOf(kept) });
  };
  for (const { name, values } of inlineSets(document)) keep(name, values);
  for (const { name, file, column } of setFiles(document)) {
    const read = await readColumn(at(file), column);
    switch (read.kind) {
      case 'values':
        keep(name, read.values);
        break;
      case 'no-column': {
        const expected = `a column of ${file}: ${read.columns.join(', ')}`;
        const detail = {
          code: 'unknown-column',
          expected,
          suggestion: nearest(column, read.columns),
        } as const;
        faults.push(yaml.at(['audience', 'sets', name, 'column'], detail));
        break;
      }
      case 'unreadable':
        faults.push(
          yaml.at(['audience', 'sets', name, 'file'], {
            code: 'set-unreadable',
            expected: `a CSV file that can be read (${read.why})`,
            rule: 'C9',
          }),
        );
    }
  }
  return { sets: sets.sort((a, b) => (a.name < b.name ? -1 : 1)), faults };
}

type Column =
  | { readonly kind: 'values'; readonly values: readonly string[] }
  | { readonly kind: 'no-column'; readonly columns: readonly string[] }
  | { readonly kind: 'unreadable'; readonly why: string };

async function readColumn(path: string, column: string): Promise<Column> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readRegular(path));
    // Only a request with a set in a file pays for the CSV reader.
    const { parse } = await import('csv-parse/sync');
    const rows: readonly string[][] = parse(text, { bom: true, skip_empty_lines: true });
    const columns = (rows[0] ?? []).map((name) => name.trim());
    const index = columns.indexOf(column);
    if (index < 0 || columns.indexOf(column, index + 1) >= 0) return { kind: 'no-column', columns };
    return { kind: 'values', values: rows.slice(1).map((row) => row[index] ?? '') };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return {
      kind: 'unreadable',
      why: 'code' in error && error.code === 'ENOENT' ? 'there is none of that name' : error.message,
    };
  }
}

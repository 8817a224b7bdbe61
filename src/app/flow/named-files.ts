/**
 * The files that documents name. On a server of many organisations a document could name another's data, or a file of the
 * machine, and its faults would tell what is in it: what is not in the organisation's own `data/` or `sets/` is refused
 * before anything is read.
 */
import { posix } from 'node:path';
import { parseConfig } from '../../documents/config.ts';
import type { Fault } from '../../documents/fault.ts';
import { type Path, readYaml } from '../../documents/parse-yaml.ts';
import { workspaceFile } from '../../documents/read-files.ts';

/** The keys under which documents name files. */
const naming = new Set(['path', 'file']);
const may = /^(data|sets)\/[^/]/;
const foldersThatName = /^(sources|suppressions|requests)\//;

/** Of every document given, by its path. */
export function namedFileFaults(files: ReadonlyMap<string, string>): readonly Fault[] {
  return [...files].flatMap(([file, text]) => {
    if (file === workspaceFile) return rulesFaults(file, text);
    return foldersThatName.test(file) ? faultsIn(file, text) : [];
  });
}

function faultsIn(file: string, text: string): readonly Fault[] {
  const yaml = readYaml(file, text, 1);
  return [...named(yaml.raw, [])]
    .filter(({ value }) => !isOwn(posix.dirname(file), value))
    .map(({ at }) =>
      yaml.at(at, {
        code: 'document-unreadable',
        expected: "a file of the organisation's own: ../data/NAME or ../sets/NAME",
      }),
    );
}

function isOwn(folder: string, value: string): boolean {
  if (/[\\\p{Cc}:]/u.test(value) || posix.isAbsolute(value)) return false;
  const path = posix.normalize(posix.join(folder, value));
  return may.test(path) && !/(^|\/)\./.test(path);
}

function* named(value: unknown, at: Path): Generator<{ readonly at: Path; readonly value: string }> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const path = [...at, Array.isArray(value) ? Number(key) : key];
    if (naming.has(key) && typeof inner === 'string') yield { at: path, value: inner };
    else yield* named(inner, path);
  }
}

/** A rule pack is one that comes with the program, or a document under `rules/`. */
function rulesFaults(file: string, text: string): readonly Fault[] {
  const { yaml, config } = parseConfig(file, text);
  if (config === null || /^[a-z0-9-]+$/.test(config.rules)) return [];
  if (/^rules\/[A-Za-z0-9][A-Za-z0-9._-]*\.yaml$/.test(config.rules)) return [];
  return [yaml.at(['rules'], { code: 'document-unreadable', expected: 'uk, or rules/NAME.yaml' })];
}

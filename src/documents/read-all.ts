/** The text of every document of a workspace, and the rule pack it names. */
import { dirname, isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RulePack } from '../policy/rules.ts';
import { parseConfig } from './config.ts';
import { builtInCopy, copiedTo, type DocumentsPlace } from './copy-place.ts';
import type { Fault } from './fault.ts';
import { absent, readFolder, readText, type TextFile, workspaceFile } from './read-files.ts';
import { parseRulePack } from './rule-pack.ts';
import { parsedPack } from './rule-pack-parsed.ts';
import { softerFaults } from './rule-pack-strictness.ts';

const folders = {
  notices: '.md',
  agreements: '.yaml',
  requests: '.yaml',
  sources: '.yaml',
  suppressions: '.yaml',
  assessments: '.yaml',
  signoffs: '.yaml',
  approvals: '.yaml',
  upstream: '.yaml',
  sleepers: '.yaml',
} as const;
type Folder = keyof typeof folders;

export type Texts = {
  readonly config: ReturnType<typeof parseConfig> | null;
  readonly register: TextFile | null;
  readonly duties: TextFile | null;
  readonly freezes: TextFile | null;
  readonly in: Readonly<Record<Folder, readonly TextFile[]>>;
  readonly rules: RulePack | null;
  /** Of reading, of `astold.yaml` and of the rule pack. */
  readonly faults: readonly Fault[];
  /** The text of every file read, for showing where a fault is. */
  readonly sources: ReadonlyMap<string, string>;
  /** The same by where a copy has it: rule packs may come from elsewhere. */
  readonly copies: ReadonlyMap<string, string>;
};

export async function readAll(root: string, place: DocumentsPlace): Promise<Texts> {
  const faults: Fault[] = [];
  const sources = new Map<string, string>();
  const copies = new Map<string, string>();
  const keep = <T extends TextFile>(file: T): T => {
    sources.set(file.file, file.text);
    copies.set(file.file, file.text);
    return file;
  };
  const keepPack = (file: TextFile, copy: string): TextFile => {
    sources.set(file.file, file.text);
    copies.set(copy, file.text);
    return file;
  };
  const one = async (file: string, required: boolean): Promise<TextFile | null> => {
    const read = await readText(root, file);
    if (read.kind === 'text') return keep(read);
    if (read.kind === 'fault') faults.push(read.fault);
    else if (required) faults.push(absent(file));
    return null;
  };
  const all = async (folder: Folder): Promise<readonly TextFile[]> => {
    const read = await readFolder(root, folder, folders[folder]);
    faults.push(...read.faults);
    return read.files.map(keep);
  };
  const [configText, register, duties, freezes] = await Promise.all([
    one(workspaceFile, true),
    one('organisations.yaml', true),
    one('duties.yaml', false),
    one('freezes.yaml', false),
  ]);
  const [
    notices,
    agreements,
    requests,
    documents,
    suppressions,
    assessments,
    signoffs,
    approvals,
    upstream,
    sleepers,
  ] = await Promise.all([
    all('notices'),
    all('agreements'),
    all('requests'),
    all('sources'),
    all('suppressions'),
    all('assessments'),
    all('signoffs'),
    all('approvals'),
    all('upstream'),
    all('sleepers'),
  ]);
  const config = configText && parseConfig(configText.file, configText.text);
  faults.push(...(config?.faults ?? []));
  const rules = config?.config ? await readRules(root, place, config.config.rules, keepPack) : null;
  faults.push(...(rules?.faults ?? []));
  return {
    config,
    register,
    duties,
    freezes,
    rules: rules?.pack ?? null,
    faults,
    sources,
    copies,
    in: {
      notices,
      agreements,
      requests,
      sources: documents,
      suppressions,
      assessments,
      signoffs,
      approvals,
      upstream,
      sleepers,
    },
  };
}

/** Rule packs that come with the program, by name; anything else is a path in the workspace, and may only be stricter. */
const builtIn = fileURLToPath(new URL('../../rules/', import.meta.url));

/** The text of a pack that comes with this program; null where there is none of that name. */
export async function builtInPack(name: string): Promise<string | null> {
  const read = await readText(builtIn, `${name}.yaml`);
  return read.kind === 'text' ? read.text : null;
}

type PackFile = {
  readonly folder: string;
  readonly file: string;
  readonly shown: string;
  readonly copy: string;
};

/** In a copy every pack lies in it: an auditor decides by the rules that were used, not by those at hand. */
function packFile(root: string, place: DocumentsPlace, name: string, named: boolean): PackFile {
  const copy = named ? builtInCopy(name) : copiedTo('', name);
  if (place === 'copy') return { folder: root, file: copy, shown: copy, copy };
  if (named) return { folder: builtIn, file: `${name}.yaml`, shown: `rules/${name}.yaml`, copy };
  const folder = isAbsolute(name) ? dirname(name) : root;
  const file = isAbsolute(name) ? relative(folder, name) : name;
  return { folder, file, shown: file, copy };
}

async function readRules(
  root: string,
  place: DocumentsPlace,
  name: string,
  keep: (file: TextFile, copy: string) => TextFile,
): Promise<{ readonly pack: RulePack | null; readonly faults: readonly Fault[] }> {
  const named = /^[a-z0-9-]+$/.test(name);
  const { folder, file, shown: as, copy } = packFile(root, place, name, named);
  const read = await readText(folder, file);
  switch (read.kind) {
    case 'text': {
      const shown = keep({ file: as, text: read.text }, copy);
      // Kept of just this text, wherever it was read.
      const kept = named ? parsedPack(join(builtIn, `${name}.yaml`), read.text) : null;
      if (kept !== null) return { pack: kept, faults: [] };
      const parsed = parseRulePack(shown.file, shown.text);
      if (named || parsed.pack === null) return parsed;
      const base = await readRules(root, place, 'uk', keep);
      if (base.pack === null) return base;
      const softer = softerFaults(parsed.yaml, parsed.pack, base.pack);
      return { pack: softer.length > 0 ? null : parsed.pack, faults: softer };
    }
    case 'absent': {
      const expected = `rules: a pack that is there; there is no ${file}`;
      return {
        pack: null,
        faults: [
          { ...absent(workspaceFile), expected, help: 'The pack that comes with the program is: uk.' },
        ],
      };
    }
    case 'fault':
      return { pack: null, faults: [read.fault] };
  }
}

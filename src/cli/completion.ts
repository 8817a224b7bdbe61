/** Completion for shells: the commands and options themselves, and the ids of requests and sources. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';

type Complete = (value: string, description: string) => void;

/** Adds `completion <shell>`, and the hidden command its scripts call. `root` is the workspace, null where none is. */
export function addCompletion(program: Command, root: string | null): void {
  const tree = tab(program, { completionCommandName: 'completion' });
  const suggest = (command: string, argument: string, folder: string) => {
    const found = tree.commands.get(command)?.arguments.get(argument);
    if (!found || root === null) return;
    found.handler = (complete: Complete) => {
      for (const name of documentNames(join(root, folder))) complete(name, '');
    };
  };
  for (const command of ['check', 'release', 'explain']) suggest(command, 'request', 'requests');
  for (const command of ['ingest', 'notice coverage']) suggest(command, 'source', 'sources');
}

/** The names of a folder's documents, without their ending: by custom, their ids. */
function documentNames(folder: string): readonly string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
    return names.map((name) => name.slice(0, -'.yaml'.length)).sort();
  } catch {
    return [];
  }
}

/** Sets up a working copy of this example with its generated data, ready to be asked. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { copyExample } from '../copy.ts';
import { type Generated, type GenerateOptions, generate } from '../generate/parenting-club.ts';

/**
 * Releases made from other data than are there afterwards are removed, and those that an earlier version of the program
 * left without evidence: the copy is for trying out.
 */
export async function setUp(options: GenerateOptions): Promise<Generated> {
  await copyExample(import.meta.dirname, options.dir);
  const generated = generate(options);
  if (!generated.reused)
    for (const made of ['releases', 'evidence'])
      rmSync(join(options.dir, made), { recursive: true, force: true });
  for (const id of namesIn(join(options.dir, 'releases')))
    if (!existsSync(join(options.dir, 'evidence', id)))
      rmSync(join(options.dir, 'releases', id), { recursive: true, force: true });
  return generated;
}

const namesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** Sets up a working copy of this example with its generated data, ready to be asked. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { copyExample } from '../copy.ts';
import { type Generated, type GenerateOptions, generate } from '../generate/parenting-club.ts';

/** Releases made from other data than are there afterwards are removed: the copy is for trying out. */
export function setUp(options: GenerateOptions): Generated {
  copyExample(import.meta.dirname, options.dir);
  const generated = generate(options);
  if (!generated.reused) rmSync(join(options.dir, 'releases'), { recursive: true, force: true });
  return generated;
}

/** The published log of an organisation, as anybody may read it: a folder of files of which no other is given out. */

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { logFolder } from '../../store/places.ts';

export type Published = {
  readonly bytes: Buffer;
  /** A tile never changes; the checkpoint and what is of it does. */
  readonly fixed: boolean;
};

const organisation = /^[a-z0-9][a-z0-9-]{0,62}$/;
/** As C2SP tlog-tiles names them: `tile/0/x001/067`, `tile/0/x001/067.p/5`, `tile/entries/000`. */
const tile = /^tile\/(?:\d{1,2}|entries)\/(?:x\d{3}\/){0,6}\d{3}(?:\.p\/\d{1,3})?$/;

/** Null where there is no such file, or none that is published. */
export async function readPublished(data: string, org: string, path: string): Promise<Published | null> {
  const fixed = tile.test(path);
  if (!organisation.test(org) || !(fixed || path === 'checkpoint')) return null;
  const file = await open(
    join(data, org, logFolder, ...path.split('/')),
    constants.O_RDONLY | constants.O_NOFOLLOW,
  ).catch(() => null);
  if (file === null) return null;
  try {
    return { bytes: await file.readFile(), fixed };
  } finally {
    await file.close();
  }
}

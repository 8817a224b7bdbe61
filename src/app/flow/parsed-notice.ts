/** The notice of a text that is kept, parsed once: every first page asks for all versions of all notices. */
import { parseNotice } from '../../documents/notice.ts';
import type { Notice } from '../../policy/model.ts';

const most = 1_000;
const known = new Map<string, Notice | null>();

/** `digest`: of the text. Null where it has faults. */
export function parsedNotice(path: string, digest: string, text: string): Notice | null {
  const key = `${path}\n${digest}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const { notice } = parseNotice(path, text);
  if (known.size >= most) known.clear();
  known.set(key, notice);
  return notice;
}

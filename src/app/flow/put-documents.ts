/** Many documents put at once, checked together: for beginning an organisation's workspace from files. */
import { changeDocuments } from './change-documents.ts';
import type { Files } from './current-documents.ts';
import { pathKind } from './document-paths.ts';
import { type Answer, done, refused, type Service } from './service.ts';

/** Replaces what is there of the same path. Refuses `path-unknown`, `documents-faulty`. Gives how many they are. */
export async function putDocuments(
  service: Service,
  org: string,
  by: string,
  files: Files,
): Promise<Answer<number>> {
  for (const path of files.keys()) {
    const kind = pathKind(path);
    if (kind.kind === 'refused') return refused('path-unknown', kind.why);
    if (kind.folder === 'requests')
      return refused('path-unknown', 'a request is written and changed by asking for the release');
  }
  return changeDocuments(service, org, by, files, async (_, apply) => {
    await apply();
    return done(files.size);
  });
}

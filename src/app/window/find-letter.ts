/** Whose letter a code is of: looked for through all organisations of the server, for whoever types it knows of none (E9). */
import type { ParsedTraceCode } from '../../supply/trace-code.ts';
import { peopleOptions } from '../flow/people-options.ts';
import { readWorkspace } from '../flow/read-workspace.ts';
import type { LetterHolder, Service } from '../flow/service.ts';
import { rootOf } from '../flow/workspace-of.ts';
import { findTraceCode } from '../supply/trace-indexes.ts';

type Code = Extract<ParsedTraceCode, { kind: 'code' }>;

/**
 * Null where no release that was handed over carries the code; looked for as long as one that is known. Throws what an
 * organisation's files throw where none of the others has it.
 */
export async function findLetter(service: Service, { code }: Code): Promise<LetterHolder | null> {
  const organisations = await service.state.organisations();
  const faults: unknown[] = [];
  const found = await Promise.all(
    organisations.map(async ({ org }): Promise<LetterHolder | null> => {
      try {
        const one = await codeIn(service, org, code, {});
        return one === null ? null : { kind: 'letter', id: one.release, org, code };
      } catch (error) {
        faults.push(error);
        return null;
      }
    }),
  );
  const holder = found.find((each) => each !== null) ?? null;
  if (holder === null && faults.length > 0) throw faults[0];
  return holder;
}

/** The row of the release whose code was typed; null where it is there no more. */
export async function pseudonymOf(service: Service, holder: LetterHolder): Promise<string | null> {
  const one = await codeIn(service, holder.org, holder.code, { only: holder.id });
  return one?.pseudonym ?? null;
}

function codeIn(service: Service, org: string, code: string, of: { readonly only?: string }) {
  const { threads, memoryLimit } = peopleOptions(service, org);
  const options = { threads, memoryLimit, ...of };
  return findTraceCode(rootOf(service, org), code, () => readWorkspace(service, org), options);
}

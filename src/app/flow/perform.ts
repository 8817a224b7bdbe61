/** The one way to a use case: the table of who may do what, then the use case, then what is written down of it. */
import type { Insertable } from 'kysely';
import { gathered } from '../../store/gathered.ts';
import type { State } from '../../store/postgres/state.ts';
import { StateError } from '../../store/postgres/state-error.ts';
import type { Tables } from '../../store/postgres/tables.ts';
import { access, isAllowed, type Role, type UseCase } from './access.ts';
import { type Answer, type Asker, type Refused, refused, type Service } from './service.ts';

/** What it was about: an id known beforehand, or one that what was done gives. */
export type Subject<T> = string | null | ((value: T) => string | null);

/** Looking at these leaves no deed; every other deed is written down, and so is every refusal, of these as well. */
const looks: ReadonlySet<UseCase> = new Set<UseCase>([
  'list-documents',
  'read-document',
  'list-sources',
  'show-ingest',
  'list-requests',
  'show-request',
  'show-check',
  'list-releases',
  'show-release',
  'list-duties',
  'list-freezes',
  'list-sightings',
  'list-roles',
  'list-keys',
  'list-deeds',
  'list-webhooks',
  'list-cases',
  'show-case',
  'list-look-ups',
  'list-unresolved',
  'list-passed-on',
  'list-answers',
]);

/**
 * Runs it where the table allows it to the actor. The deed says `done`, the code of the refusal, or `failed` where it threw;
 * what it threw is thrown on.
 */
export async function perform<T>(
  service: Service,
  actor: Asker,
  useCase: UseCase,
  subject: Subject<T>,
  run: () => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const known = typeof subject === 'string' ? subject : null;
  const shut = await refuseUnlessAllowed(service, actor, useCase, known);
  if (shut !== null) return shut;
  const write = (about: string | null, outcome: string): Promise<void> =>
    writeDeed(service, actor, useCase, about, outcome);
  let answer: Answer<T>;
  try {
    answer = await run();
  } catch (error) {
    await write(known, 'failed');
    throw error;
  }
  if (answer.kind === 'refused') await write(known, answer.code);
  else if (!looks.has(useCase))
    await write(typeof subject === 'function' ? subject(answer.value) : known, 'done');
  return answer;
}

/** The refusal, written down, where the table does not allow it; null where it does. */
export async function refuseUnlessAllowed(
  service: Service,
  actor: Asker,
  useCase: UseCase,
  subject: string | null,
): Promise<Refused | null> {
  if (isAllowed(actor, useCase)) return null;
  await writeDeed(service, actor, useCase, subject, 'not-allowed');
  return refused('not-allowed', `it is for ${whoMay(useCase)}`);
}

const called: Readonly<Record<Role, string>> = {
  steward: 'a steward',
  officer: 'a data protection officer',
  recipient: 'a recipient',
  auditor: 'an auditor',
  freezer: 'an auditor with the power to freeze',
  member: 'a member',
  letter: 'whoever holds a letter',
};

/** "a steward or a member". */
function whoMay(useCase: UseCase): string {
  const roles: readonly Role[] = Object.hasOwn(access, useCase) ? access[useCase] : [];
  return roles.length === 0 ? 'nobody' : roles.map((role) => called[role]).join(' or ');
}

/** What was done stays done where its deed cannot be written: the operator is told. */
async function writeDeed(
  { state, now, log }: Service,
  actor: Asker,
  useCase: UseCase,
  subject: string | null,
  outcome: string,
): Promise<void> {
  try {
    await writerOf(
      state,
      actor.org,
    )({
      org: actor.org,
      at: now(),
      actor: `${actor.kind}:${actor.id}`,
      use_case: useCase,
      subject: subject === null ? null : subject.slice(0, 300),
      outcome,
    });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed';
    log.error({ org: actor.org, useCase, outcome, code }, 'a deed was not written down');
  }
}

type Deed = Insertable<Tables['deed']>;
const writers = new WeakMap<State, Map<string, (deed: Deed) => Promise<null>>>();
const gathering = { most: 100, every: 20 } as const;

/** Deeds of an organisation that end at once are written down together. */
function writerOf(state: State, org: string): (deed: Deed) => Promise<null> {
  const ours = writers.get(state) ?? new Map<string, (deed: Deed) => Promise<null>>();
  writers.set(state, ours);
  const found = ours.get(org);
  if (found !== undefined) return found;
  const work = async (deeds: readonly Deed[]): Promise<readonly null[]> => {
    await state.as(org, (tx) => tx.insertInto('deed').values(deeds).execute());
    return deeds.map(() => null);
  };
  const made = gathered({ ...gathering, work, alone: (error) => !(error instanceof StateError) });
  ours.set(org, made);
  return made;
}

/** Who may do what: the one table of it. What is not here is allowed to nobody. */
import type { Asker } from './service.ts';

/** `freezer` is an auditor that was given the power to freeze; `letter` is whoever typed the code of one, without an account. */
export type Role = 'steward' | 'officer' | 'recipient' | 'auditor' | 'freezer' | 'member' | 'letter';

/**
 * A recipient reaches only what is of its own party, a member only what is of their own records, and an officer puts no
 * documents but those that a second person signs: the use case sees to that.
 */
export const access = {
  'list-documents': ['steward', 'officer', 'auditor'],
  'read-document': ['steward', 'officer', 'auditor'],
  'put-document': ['steward', 'officer'],
  'remove-document': ['steward'],

  'list-sources': ['steward', 'officer', 'auditor'],
  'upload-data': ['steward'],
  'ingest-source': ['steward'],
  'show-ingest': ['steward', 'officer', 'auditor'],

  'request-release': ['steward', 'recipient'],
  'list-requests': ['steward', 'officer', 'auditor', 'recipient'],
  'show-request': ['steward', 'officer', 'auditor', 'recipient'],
  'withdraw-request': ['steward', 'recipient'],
  'check-request': ['steward', 'recipient'],
  'show-check': ['steward', 'officer', 'auditor', 'recipient'],
  'approve-request': ['officer'],
  'send-back-request': ['officer'],
  'refuse-request': ['officer'],
  'release-request': ['steward'],

  'list-releases': ['steward', 'officer', 'auditor', 'recipient'],
  'show-release': ['steward', 'officer', 'auditor', 'recipient'],
  'read-evidence': ['officer', 'auditor'],
  'make-download': ['recipient'],
  'fetch-download': ['recipient'],
  'countersign-supply': ['recipient'],

  'list-duties': ['steward', 'officer', 'auditor', 'recipient'],
  'attest-duty': ['steward', 'officer', 'recipient'],
  'terminate-agreement': ['officer'],

  'list-freezes': ['steward', 'officer', 'auditor', 'recipient'],
  freeze: ['officer', 'freezer'],
  'lift-freeze': ['officer', 'freezer'],

  'report-sighting': ['steward'],
  'list-sightings': ['steward', 'officer', 'auditor'],

  'record-preference': ['steward', 'member'],
  'list-own-preferences': ['member'],
  'read-receipt': ['steward', 'officer', 'member'],

  'show-letter': ['letter'],
  'stop-by-letter': ['letter'],

  'show-details': ['member'],
  'prove-membership': ['member'],
  'copy-details': ['steward', 'officer', 'member'],
  'open-case': ['steward', 'member'],
  'list-cases': ['steward', 'officer', 'auditor', 'member'],
  'show-case': ['steward', 'officer', 'auditor', 'member'],
  'answer-case': ['steward', 'officer', 'member'],
  'end-case': ['steward', 'officer'],
  'set-safe-contact': ['steward', 'member'],

  'find-person': ['steward', 'officer'],
  'list-look-ups': ['officer', 'auditor'],
  'list-unresolved': ['steward', 'officer', 'auditor'],
  'resolve-event': ['steward'],

  'list-passed-on': ['steward', 'officer', 'auditor', 'recipient'],
  'acknowledge-passed-on': ['recipient'],
  'enter-answer': ['steward', 'officer'],
  'make-codes': ['steward', 'officer', 'recipient'],
  'list-answers': ['member'],
  'make-delta': ['steward'],

  'list-roles': ['officer', 'auditor'],
  'grant-role': ['officer'],
  'withdraw-role': ['officer'],
  'list-keys': ['officer', 'auditor', 'recipient'],
  'make-key': ['officer', 'recipient'],
  'stop-key': ['officer', 'recipient'],
  'list-deeds': ['officer', 'auditor'],

  'list-webhooks': ['steward', 'auditor', 'recipient'],
  'add-webhook': ['steward', 'recipient'],
  'stop-webhook': ['steward', 'recipient'],
} as const satisfies Readonly<Record<string, readonly Role[]>>;

export type UseCase = keyof typeof access;

export function rolesOf(actor: Asker): ReadonlySet<Role> {
  if (actor.kind === 'member' || actor.kind === 'letter') return new Set([actor.kind]);
  const roles = new Set<Role>(actor.roles);
  if (actor.mayFreeze && actor.roles.has('auditor')) roles.add('freezer');
  return roles;
}

export function isAllowed(actor: Asker, useCase: UseCase): boolean {
  const roles = rolesOf(actor);
  const allowed: readonly Role[] = Object.hasOwn(access, useCase) ? access[useCase] : [];
  return allowed.some((role) => roles.has(role));
}

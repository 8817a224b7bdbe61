/** The rows of a snapshot's stops and permissions, as the policy core reads them. */
import type { Row, SqlValue } from '../../bulk/engine.ts';
import type { Permission, Relation, Stop } from '../../policy/facts.ts';
import type { Scope } from '../../policy/model.ts';
import { scopeOfText } from '../../policy/scope-word.ts';

export function stopOf(row: Row): Stop {
  const relation: Relation = row.relation === 'own' || row.relation === 'linked' ? row.relation : 'plausible';
  return {
    event: String(row.event),
    relation,
    scope: scopeOf(row),
    from: instant(row.from_lo),
    received: instant(row.received_hi),
    resolved: instant(row.resolved_hi),
  };
}

export function permissionOf(row: Row): Permission {
  return {
    event: String(row.event),
    kind: row.kind === 'lift' ? 'lift' : 'consent',
    notice: text(row.notice),
    consent: text(row.consent),
    scope: scopeOf(row),
    lifts: text(row.lifts),
    signed: instant(row.signed_lo),
    received: instant(row.received_hi),
  };
}

export const scopeOf = (row: Row): Scope => scopeOfText(String(row.scope));

const text = (value: SqlValue | undefined): string | null => (typeof value === 'string' ? value : null);
const instant = (value: SqlValue | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);

/** What somebody said of their data: recorded here with a receipt, in a file that came with the records, or in the record itself. */
import { z } from 'zod';
import type { Row } from '../../bulk/engine.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { startOf } from '../../policy/dates.ts';
import { parseFirst, shownAtCollection } from '../../policy/history.ts';
import type { Consent } from '../../policy/model.ts';
import { label } from '../../policy/vocab.ts';
import type { PreferOptions } from '../people/prefer.ts';
import { recordedOf } from '../people/recorded-of.ts';
import type { RecordRead } from './read-record.ts';
import { dayIn, lastDayIn } from './standing.ts';

const scopePart = z.string().nullable();
const saidItem = z.object({
  /** Of the record that it was said of. */
  number: z.number().int(),
  /** `here`: with an entry in the log, and a receipt. `file`: of a file that came with the records. `record`: of its own column. */
  where: z.enum(['here', 'file', 'record']),
  event: z.string().nullable(),
  kind: z.enum(['stop', 'objection', 'consent', 'withdrawal', 'restriction', 'erasure', 'lift']),
  /** Null is all; of `record` the words of the consent say it. */
  scope: z.object({ purpose: scopePart, organisation: scopePart, channel: scopePart, field: scopePart }),
  wording: z.string().nullable(),
  /** When it reached the organisation; of a file, when it was said. A bare day, where that is all that a file has. */
  at: z.string().nullable(),
  by: z.string().nullable(),
});
export const saidView = z.object({ items: z.array(saidItem) }).meta({ id: 'SaidOf' });
export type Said = z.output<typeof saidView>;
export type SaidItem = z.output<typeof saidItem>;

/** The latest first. */
export async function saidOf(
  workspace: Workspace,
  records: readonly RecordRead[],
  options: PreferOptions,
): Promise<Said> {
  const items: SaidItem[] = [];
  for (const read of records) {
    const here = await saidHere(workspace, read, options);
    const known = new Set(here.map(({ event }) => event));
    items.push(
      ...here,
      ...saidInFiles(workspace, read).filter(({ event }) => !known.has(event)),
      ...consentsHeld(workspace, read),
    );
  }
  return { items: items.sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? 1 : -1)) };
}

async function saidHere(workspace: Workspace, read: RecordRead, options: PreferOptions): Promise<SaidItem[]> {
  const { events } = await recordedOf(workspace, read.source, read.record, options);
  return events.flatMap(({ event, said }) => {
    // What they were shown they did not say; what was erased is not here.
    if (said === null || said.type === 'presented' || said.type === 'resolution') return [];
    const { type, scope, received, receivedBy } = said;
    const { purpose, organisation, contactChannel, field } = scope;
    return {
      ...{ number: read.number, where: 'here' as const, event, kind: type, wording: null, at: received },
      scope: scopeOf(workspace, [purpose, organisation, contactChannel, field]),
      by: receivedBy,
    };
  });
}

function saidInFiles(workspace: Workspace, { number, stops, permissions }: RecordRead): readonly SaidItem[] {
  const item = (row: Row, kind: SaidItem['kind'], at: Row[string] | undefined): SaidItem => ({
    ...{ number, where: 'file' as const, event: textOf(row.event), kind, by: null },
    scope: scopeOf(workspace, [row.purpose, row.organisation, row.contact_channel, row.field]),
    wording:
      typeof row.consent === 'string'
        ? (consentOf(workspace, row.notice, row.consent)?.wording.text ?? null)
        : null,
    at: saidFrom(at),
  });
  return [
    ...stops.map((row) => item(row, 'stop', row.from_lo)),
    ...permissions.map((row) => item(row, row.kind === 'lift' ? 'lift' : 'consent', row.signed_lo)),
  ];
}

/** Consents kept in columns of the record: those that were given. */
function consentsHeld(workspace: Workspace, { number, from, row }: RecordRead): readonly SaidItem[] {
  const primary = from.collections[0];
  const key = row[`h_${primary?.id}`];
  const shown =
    primary === undefined || typeof key !== 'string'
      ? []
      : shownAtCollection(parseFirst(key).base, primary, workspace.notices).candidates.map(({ id }) => id);
  const given = from.consents.flatMap(({ consent, notice }, i): readonly SaidItem[] => {
    if (row[`k_${i}`] !== true) return [];
    const asked = (notice === null ? shown : [notice])
      .map((id) => consentOf(workspace, id, consent))
      .find(Boolean);
    const at = row[`k_${i}_at`];
    if (asked === undefined || asked === null) return [];
    return [
      {
        ...{ number, where: 'record' as const, event: null, kind: 'consent' as const, by: null },
        ...{
          scope: { purpose: null, organisation: null, channel: null, field: null },
          wording: asked.wording.text,
        },
        at: saidBy(at),
      },
    ];
  });
  return given.filter((one, i) => given.findIndex(({ wording }) => wording === one.wording) === i);
}

/** Of the earliest instant that it can be: a bare day begins an hour before it, as the gate reads it (`startOf`). */
function saidFrom(at: Row[string] | undefined): string | null {
  const on = dayIn(at);
  return on === null || Number(at) === startOf(on) ? on : new Date(Number(at)).toISOString();
}

/** Of the latest: a bare day ends at the midnight after it. */
function saidBy(at: Row[string] | undefined): string | null {
  const on = lastDayIn(at);
  return on === null || Number(at) % day === 0 ? on : new Date(Number(at)).toISOString();
}
const day = 86_400_000;

const consentOf = ({ notices }: Workspace, notice: unknown, consent: string): Consent | null =>
  notices.find(({ id }) => id === notice)?.consents.find(({ id }) => id === consent) ?? null;

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** In people's words; null is all. */
function scopeOf({ organisations }: Workspace, parts: readonly unknown[]): SaidItem['scope'] {
  const [purpose, organisation, channel, field] = parts.map((part) =>
    typeof part !== 'string' || part === 'all' ? null : part,
  );
  const named = organisations.find(({ id }) => id === organisation)?.legalName;
  return {
    purpose: purpose ? label(purpose) : null,
    organisation: named ?? organisation ?? null,
    channel: channel ?? null,
    field: field ? label(field) : null,
  };
}

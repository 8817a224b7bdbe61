/** What the standard forms of a consent receipt are made from: an event, the notice that asked, and who is who. */
import type { Consent, DataItem, Notice, Period, Retention, Statement, Term } from '../policy/model.ts';

/** A consent given, refused or withdrawn by a person. */
export type ConsentEvent = {
  /** The id of the record; it tells nothing of the person. */
  readonly id: string;
  /** A pseudonym of the person. */
  readonly principal: string;
  /** The consent of the notice. */
  readonly consent: string;
  readonly state: 'given' | 'refused' | 'withdrawn';
  /** With its offset. */
  readonly at: string;
  /** How it was said: `web`, `paper` ... */
  readonly method: string;
};

/** A party as people can reach it. */
export type ReceiptParty = {
  readonly id: string;
  readonly name: string;
  readonly role: 'controller' | 'joint-controller' | 'processor' | 'third-party';
  readonly address: string;
  /** Whom to ask for: a person or an office. */
  readonly contact: string;
  readonly email: string;
  readonly phone: string;
  readonly url: string | null;
};

export type ReceiptGround = {
  readonly notice: Notice;
  readonly noticeUrl: string;
  /** BCP 47, such as `en`. */
  readonly language: string;
  /** ISO 3166, such as `GB`. */
  readonly jurisdiction: string;
  readonly storageLocations: readonly string[];
  readonly controllers: readonly ReceiptParty[];
  /** To whom the data go besides. */
  readonly recipients: readonly ReceiptParty[];
  /** How the consent is withdrawn: an address or a page. */
  readonly withdrawal: string;
  readonly specialCategories: ReadonlySet<Term>;
};

/** What the notice says of the consent. */
export type ConsentTold = {
  readonly consent: Consent;
  readonly items: readonly DataItem[];
  readonly retention: readonly Retention[];
};

/** The consent of an event and what the statements that rest on it tell; null where the notice asks no such consent. */
export function consentTold(event: ConsentEvent, { notice }: ReceiptGround): ConsentTold | null {
  const consent = notice.consents.find(({ id }) => id === event.consent);
  if (consent === undefined) return null;
  const resting = notice.statements.filter(
    (statement: Statement) => statement.kind === 'tells' && statement.basis?.consent === consent.id,
  );
  const items = resting.flatMap((statement) => statement.data?.items ?? []);
  return {
    consent,
    items: items.filter(
      (item, i) => items.findIndex((other) => other.term === item.term && other.of === item.of) === i,
    ),
    retention: resting.flatMap(({ retention }) => (retention === null ? [] : [retention.told])),
  };
}

/** `P1M3D`; nothing at all is `P0D`. */
export function periodText({ months, days }: Period): string {
  const text = `${months === 0 ? '' : `${months}M`}${days === 0 ? '' : `${days}D`}`;
  return text === '' ? 'P0D' : `P${text}`;
}

/** How long, in words. */
export function retentionText(retention: Retention): string {
  if (retention.kind === 'until') return `until ${retention.date}`;
  const from = retention.from;
  const anchor = 'years' in from ? `${from.kind} ${from.years}` : from.kind;
  return `${periodText(retention.period)} from ${anchor.replaceAll('-', ' ')}`;
}

/** Whether a text is an instant with its offset. */
export function isInstant(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text) &&
    !Number.isNaN(Date.parse(text))
  );
}

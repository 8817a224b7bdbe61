/** `astold receipt --as`: the receipt of a consent in a form that others read (TS 27560 of the DPV; Kantara v1.1). */
import type { Contact, Contacts } from '../../documents/contacts.ts';
import type { Workspace } from '../../documents/workspace.ts';
import type { ConsentEvent, ReceiptGround, ReceiptParty } from '../../evidence/consent-event.ts';
import type { Receipt } from '../../evidence/receipt.ts';
import { consentReceipt } from '../../evidence/receipt-27560.ts';
import type { ReceiptForm } from '../../evidence/receipt-form.ts';
import { kantaraReceipt } from '../../evidence/receipt-kantara.ts';
import type { Notice } from '../../policy/model.ts';
import { isSpecial } from '../../policy/rules.ts';
import { personalData } from '../../policy/vocab.ts';

export type StandardReceipt =
  | { readonly kind: 'exported'; readonly json: Readonly<Record<string, unknown>> }
  | {
      readonly kind: 'refused';
      readonly code:
        | 'not-a-consent'
        | 'notice-unknown'
        | 'contact-missing'
        | 'consent-unknown'
        | 'not-given'
        | 'fields-lacking';
      readonly message: string;
    };

const refuse = (
  code: Extract<StandardReceipt, { kind: 'refused' }>['code'],
  message: string,
): StandardReceipt => ({ kind: 'refused', code, message });

/** What the forms ask for and nobody has said refuses, and is named. */
export function standardReceipt(
  workspace: Workspace,
  { content }: Pick<Receipt, 'content'>,
  form: ReceiptForm,
  contacts: Contacts,
): StandardReceipt {
  const state = content.type === 'consent' ? 'given' : content.type === 'withdrawal' ? 'withdrawn' : null;
  if (state === null || content.notice === null || content.consent === null || content.person === null)
    return refuse('not-a-consent', `${content.event} is not of a consent of a notice, by somebody known`);
  const notice = workspace.notices.find(({ id }) => id === content.notice);
  if (notice === undefined)
    return refuse('notice-unknown', `the notice ${content.notice} is not in the workspace any more`);
  const parties = partiesOf(workspace, notice, content.consent, contacts);
  const missing = parties.find(({ contact }) => contact === undefined);
  if (missing !== undefined)
    return refuse('contact-missing', `contacts.yaml does not say how ${missing.id} is reached`);
  const known = parties.flatMap(({ contact, ...party }): ReceiptParty[] =>
    contact === undefined ? [] : [{ ...party, ...contact }],
  );
  const event: ConsentEvent = {
    id: content.event,
    principal: content.person,
    consent: content.consent,
    state,
    at: content.signed,
    method: content.receivedBy,
  };
  const ground: ReceiptGround = {
    notice,
    noticeUrl: contacts.noticeUrl.replaceAll('{notice}', encodeURIComponent(notice.id)),
    language: contacts.language,
    jurisdiction: contacts.jurisdiction,
    storageLocations: contacts.storageLocations,
    controllers: known.filter(({ role }) => role === 'controller'),
    recipients: known.filter(({ role }) => role !== 'controller'),
    withdrawal: contacts.withdrawal,
    specialCategories: new Set([...personalData.keys()].filter((term) => isSpecial(term, workspace.rules))),
  };
  const made = form === 'kantara' ? kantaraReceipt(event, ground) : consentReceipt(event, ground, content.at);
  if (made.kind === 'exported') return made;
  const lacking = made.lacking.length === 0 ? '' : `: ${made.lacking.join(', ')}`;
  return refuse(made.code, `${content.event} cannot be written as ${form}${lacking}`);
}

type Party = Omit<ReceiptParty, keyof Contact> & { readonly contact: Contact | undefined };

/** The controller that asked; then whom the consent, and what is told under it, name. */
function partiesOf(
  { organisations }: Workspace,
  notice: Notice,
  consent: string,
  { parties }: Contacts,
): readonly Party[] {
  const named = [
    ...(notice.consents.find(({ id }) => id === consent)?.controllers ?? []),
    ...notice.statements
      .filter(({ kind, basis }) => kind === 'tells' && basis?.consent === consent)
      .flatMap(({ recipients }) => recipients?.organisations ?? []),
  ].filter((id, i, all) => id !== notice.organisation && all.indexOf(id) === i);
  const party = (id: string, role: ReceiptParty['role']): Party => ({
    id,
    name: organisations.find((o) => o.id === id)?.legalName ?? id,
    role,
    contact: parties.get(id),
  });
  return [party(notice.organisation, 'controller'), ...named.map((id) => party(id, 'third-party'))];
}

/** Why a mail did not go. It holds no address: what servers answer often quotes one. */
export type MailFault = {
  /** A code of ours, of the system or of SMTP. */
  readonly code: string;
  /** `server`: no mail would have gone; `mail`: this one did not. */
  readonly of: 'server' | 'mail';
};

/** What the library says of one mail, and not of the server or the way to it. */
const ofMail: ReadonlySet<string> = new Set(['EENVELOPE', 'EMESSAGE', 'ESTREAM']);

export function mailFault(error: unknown): MailFault {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  const name = typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? code : 'failed';
  const answer = typeof responseCode === 'number' ? ` ${responseCode}` : '';
  return { code: `${name}${answer}`, of: ofMail.has(name) ? 'mail' : 'server' };
}

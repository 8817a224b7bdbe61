/** A finding about the request or the person as a whole, with no words of a notice. */
import type { Finding } from './judgement.ts';
import type { ReasonCode } from './reasons.ts';

export function refuse(reason: ReasonCode, detail: string): Finding {
  return { reason, atom: null, notice: null, statement: null, quotes: [], lacks: [], detail };
}

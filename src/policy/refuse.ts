/** A finding about the request or the person as a whole, with no words of a notice. */
import type { Finding } from './judgement.ts';
import type { ReasonCode } from './reasons.ts';
import type { Aspect } from './rules.ts';

export function refuse(reason: ReasonCode, detail: string): Finding {
  return { reason, atom: null, notice: null, statement: null, quotes: [], lacks: [], detail };
}

/** The same, where what it is about has a rule of its own; null: nothing narrower. */
export function refuseAs(reason: ReasonCode, detail: string, aspect: Aspect | null): Finding {
  const finding = refuse(reason, detail);
  return aspect === null ? finding : { ...finding, aspect };
}

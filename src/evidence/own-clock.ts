/** When a log's checkpoint was there: what witnesses saw of it, and without one the time is by the log's own clock (E4). */
import { cosignatures, requireCosigned, seenBy, type WitnessPolicy } from '../log/checkpoint.ts';
import type { Note } from '../log/note.ts';
import { counted, instant } from '../policy/figures.ts';

/** Where no witness is known. `note` is a checkpoint whose own signature was found true. */
export function whenUnchecked(note: Note): string {
  const count = cosignatures(note);
  if (count === 0) return 'when: no witness cosigned, so the time is by their own clock';
  return `when: ${counted(count, 'line', 'lines')} of witnesses: give their keys with --witness; else the time is by their own clock`;
}

export type WhenSeen = {
  readonly checked: readonly string[];
  readonly unchecked: readonly string[];
  /** By when at the latest the checkpoint was there, in milliseconds, by its witnesses' clocks; null: its log alone says. */
  readonly seen: number | null;
};

/**
 * What the witnesses of a policy say of it. `now` in milliseconds. Throws LogError `witnesses-too-few`,
 * `signature-wrong`, `cosignature-future`.
 */
export function whenSeen(note: Note, policy: WitnessPolicy, now: number): WhenSeen {
  if (policy.witnesses.length === 0) return { checked: [], unchecked: [whenUnchecked(note)], seen: null };
  const witnessed = requireCosigned(note, policy, BigInt(Math.floor(now / 1000)));
  const seconds = seenBy(witnessed);
  if (seconds === null) {
    const none = 'when: none of the witnesses named cosigned, so the time is by their own clock';
    return { checked: [], unchecked: [none], seen: null };
  }
  // No later than now, and so a number.
  const seen = Number(seconds) * 1000;
  const of = `${witnessed.by.length} of ${counted(policy.witnesses.length, 'witness', 'witnesses')} named`;
  return {
    checked: [`${of} had seen that log by ${instant(seen)}, by their own clocks`],
    unchecked: [],
    seen,
  };
}

/** What a differential run has seen: how many people, released or refused, and for which reason alone. */
import { type ReasonCode, reasonsIn } from '../../src/policy/reasons.ts';
import type { Decided } from './run.ts';
import type { World } from './world.ts';

export class Count {
  policies = 0;
  decisions = 0;
  released = 0;
  readonly #people = new Set<string>();
  readonly #alone = new Map<ReasonCode, Set<string>>();

  /** Counts one policy's decisions; a person is counted once for each reason, however many policies refuse them for it. */
  add(world: World, decided: ReadonlyMap<string, Decided>): void {
    this.policies += 1;
    for (const [id, { bits }] of decided) {
      const person = `${world.source.file.path} ${id}`;
      this.#people.add(person);
      this.decisions += 1;
      if (bits === 0n) this.released += 1;
      const [only, second] = reasonsIn(bits);
      if (only && !second) this.#alone.set(only.code, (this.#alone.get(only.code) ?? new Set()).add(person));
    }
  }

  get people(): number {
    return this.#people.size;
  }
  /** How many people that reason refused with no other beside it. */
  alone(code: ReasonCode): number {
    return this.#alone.get(code)?.size ?? 0;
  }
}

/** How much one address, and one who is signed in, may ask in a minute of this server. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Actor } from '../app/flow/service.ts';
import { HttpProblem } from './problems.ts';

export type RequestRate = {
  /** Throw HttpProblem where it was too much. */
  ofAddress(address: string): Promise<void>;
  ofActor(actor: Actor): Promise<void>;
};

export function requestRate(perMinute: number): RequestRate {
  // Behind one address may be an office.
  const addresses = new RateLimiterMemory({ points: perMinute * 4, duration: 60 });
  const actors = new RateLimiterMemory({ points: perMinute, duration: 60 });
  return {
    ofAddress: (address) => take(addresses, address),
    ofActor: (actor) => take(actors, `${actor.org} ${actor.kind} ${actor.id}`),
  };
}

async function take(limiter: RateLimiterMemory, who: string): Promise<void> {
  try {
    await limiter.consume(who);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const retryAfter = error.msBeforeNext / 1000;
    throw new HttpProblem({ code: 'rate-limited', detail: 'nothing was done; ask again later', retryAfter });
  }
}

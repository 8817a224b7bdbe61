/** A request refused by an officer: it has ended, and another is to be made. */
import type { z } from 'zod';
import { decideRequest, deedInput } from './decide-request.ts';
import type { RequestView } from './request-view.ts';
import { type Actor, type Answer, refused, type Service } from './service.ts';

export const refuseRequestInput = deedInput;

/** Refuses `not-allowed` to a key, and what `decideRequest` refuses. */
export const refuseRequest = async (
  service: Service,
  actor: Actor,
  input: z.output<typeof refuseRequestInput>,
): Promise<Answer<RequestView>> =>
  actor.kind === 'staff'
    ? decideRequest(service, actor, 'refused', input)
    : refused('not-allowed', 'requests are refused by people, not by keys');

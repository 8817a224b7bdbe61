/** A request sent back by an officer: it is changed, or checked again, before it can be approved. */
import type { z } from 'zod';
import { decideRequest, deedInput } from './decide-request.ts';
import type { RequestView } from './request-view.ts';
import { type Actor, type Answer, refused, type Service } from './service.ts';

export const sendBackRequestInput = deedInput;

/** Refuses `not-allowed` to a key, and what `decideRequest` refuses. */
export const sendBackRequest = async (
  service: Service,
  actor: Actor,
  input: z.output<typeof sendBackRequestInput>,
): Promise<Answer<RequestView>> =>
  actor.kind === 'staff'
    ? decideRequest(service, actor, 'sent-back', input)
    : refused('not-allowed', 'requests are sent back by people, not by keys');

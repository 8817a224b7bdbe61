/** A request sent back by an officer: it is changed, or checked again, before it can be approved. */
import type { z } from 'zod';
import { decideRequest, deedInput } from './decide-request.ts';
import type { RequestView } from './request-view.ts';
import type { Actor, Answer, Service } from './service.ts';

export const sendBackRequestInput = deedInput;

export const sendBackRequest = (
  service: Service,
  actor: Actor,
  input: z.output<typeof sendBackRequestInput>,
): Promise<Answer<RequestView>> => decideRequest(service, actor, 'sent-back', input);

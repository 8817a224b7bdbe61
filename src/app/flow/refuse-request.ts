/** A request refused by an officer: it has ended, and another is to be made. */
import type { z } from 'zod';
import { decideRequest, deedInput } from './decide-request.ts';
import type { RequestView } from './request-view.ts';
import type { Actor, Answer, Service } from './service.ts';

export const refuseRequestInput = deedInput;

export const refuseRequest = (
  service: Service,
  actor: Actor,
  input: z.output<typeof refuseRequestInput>,
): Promise<Answer<RequestView>> => decideRequest(service, actor, 'refused', input);

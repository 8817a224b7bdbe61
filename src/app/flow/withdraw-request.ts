/** A request taken back by those who asked, before anything was released. */
import type { z } from 'zod';
import { decideRequest, deedInput } from './decide-request.ts';
import type { RequestView } from './request-view.ts';
import type { Actor, Answer, Service } from './service.ts';

export const withdrawRequestInput = deedInput;

export const withdrawRequest = (
  service: Service,
  actor: Actor,
  input: z.output<typeof withdrawRequestInput>,
): Promise<Answer<RequestView>> => decideRequest(service, actor, 'terminated', input);

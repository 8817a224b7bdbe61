/** From the request to its release. */
import { approveRequest, approveRequestInput } from '../../app/flow/approve-request.ts';
import { checkRequest, checkRequestInput } from '../../app/flow/check-request.ts';
import { checkView } from '../../app/flow/check-view.ts';
import { listRequests, listRequestsInput, requestsView } from '../../app/flow/list-requests.ts';
import { refuseRequest, refuseRequestInput } from '../../app/flow/refuse-request.ts';
import { releaseRequest, releaseRequestInput } from '../../app/flow/release-request.ts';
import { requestRelease, requestReleaseInput } from '../../app/flow/request-release.ts';
import { requestView } from '../../app/flow/request-view.ts';
import { releaseRunView } from '../../app/flow/run-view.ts';
import { sendBackRequest, sendBackRequestInput } from '../../app/flow/send-back-request.ts';
import { showCheck, showCheckInput } from '../../app/flow/show-check.ts';
import { requestDetailView, showRequest, showRequestInput } from '../../app/flow/show-request.ts';
import { withdrawRequest, withdrawRequestInput } from '../../app/flow/withdraw-request.ts';
import { route } from '../route.ts';

export const requestRoutes = {
  'request-release': route(requestReleaseInput, requestView, requestRelease),
  'list-requests': route(listRequestsInput, requestsView, listRequests),
  'show-request': route(showRequestInput, requestDetailView, showRequest),
  'withdraw-request': route(withdrawRequestInput, requestView, withdrawRequest),
  'check-request': route(checkRequestInput, checkView, checkRequest),
  'show-check': route(showCheckInput, checkView, showCheck),
  'approve-request': route(approveRequestInput, requestView, approveRequest),
  'send-back-request': route(sendBackRequestInput, requestView, sendBackRequest),
  'refuse-request': route(refuseRequestInput, requestView, refuseRequest),
  'release-request': route(releaseRequestInput, releaseRunView, releaseRequest),
} as const;

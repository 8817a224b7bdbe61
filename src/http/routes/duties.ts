/** What follows a release: duties, ends of agreements, freezes, sightings, and who is told. */
import { addWebhook, addWebhookInput, webhookMadeView } from '../../app/flow/add-webhook.ts';
import { attestDuty, attestDutyInput } from '../../app/flow/attest-duty.ts';
import { freeze, freezeInput, freezeView } from '../../app/flow/freeze.ts';
import { liftFreeze, liftFreezeInput } from '../../app/flow/lift-freeze.ts';
import { dutiesView, dutyView, listDuties, listDutiesInput } from '../../app/flow/list-duties.ts';
import { freezesView, listFreezes, listFreezesInput } from '../../app/flow/list-freezes.ts';
import { listSightings, listSightingsInput, sightingsView } from '../../app/flow/list-sightings.ts';
import { listWebhooks, listWebhooksInput, webhooksView, webhookView } from '../../app/flow/list-webhooks.ts';
import { reportedView, reportSighting, reportSightingInput } from '../../app/flow/report-sighting.ts';
import { stopWebhook, stopWebhookInput } from '../../app/flow/stop-webhook.ts';
import {
  agreementEndView,
  terminateAgreement,
  terminateAgreementInput,
} from '../../app/flow/terminate-agreement.ts';
import { route } from '../route.ts';

export const dutyRoutes = {
  'list-duties': route(listDutiesInput, dutiesView, listDuties),
  'attest-duty': route(attestDutyInput, dutyView, attestDuty),
  'terminate-agreement': route(terminateAgreementInput, agreementEndView, terminateAgreement),
  'list-freezes': route(listFreezesInput, freezesView, listFreezes),
  freeze: route(freezeInput, freezeView, freeze),
  'lift-freeze': route(liftFreezeInput, freezeView, liftFreeze),
  'report-sighting': route(reportSightingInput, reportedView, reportSighting),
  'list-sightings': route(listSightingsInput, sightingsView, listSightings),
  'list-webhooks': route(listWebhooksInput, webhooksView, listWebhooks),
  'add-webhook': route(addWebhookInput, webhookMadeView, addWebhook),
  'stop-webhook': route(stopWebhookInput, webhookView, stopWebhook),
} as const;

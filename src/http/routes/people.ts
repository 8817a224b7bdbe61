/** What people say, and who may do what here. */
import { grantRole, grantRoleInput } from '../../app/flow/grant-role.ts';
import { keyView } from '../../app/flow/key-view.ts';
import { deedsView, listDeeds, listDeedsInput } from '../../app/flow/list-deeds.ts';
import { keysView, listKeys, listKeysInput } from '../../app/flow/list-keys.ts';
import {
  listOwnPreferences,
  listOwnPreferencesInput,
  ownPreferencesView,
} from '../../app/flow/list-own-preferences.ts';
import { listRoles, listRolesInput, rolesView } from '../../app/flow/list-roles.ts';
import { madeKeyView, makeKey, makeKeyInput } from '../../app/flow/make-key.ts';
import { readReceipt, readReceiptInput, receiptView } from '../../app/flow/read-receipt.ts';
import { preferenceView, recordPreference, recordPreferenceInput } from '../../app/flow/record-preference.ts';
import { roleView } from '../../app/flow/role-view.ts';
import { stopKey, stopKeyInput } from '../../app/flow/stop-key.ts';
import { withdrawRole, withdrawRoleInput } from '../../app/flow/withdraw-role.ts';
import { route } from '../route.ts';

export const peopleRoutes = {
  'record-preference': route(recordPreferenceInput, preferenceView, recordPreference),
  'list-own-preferences': route(listOwnPreferencesInput, ownPreferencesView, listOwnPreferences),
  'read-receipt': route(readReceiptInput, receiptView, readReceipt),
  'list-roles': route(listRolesInput, rolesView, listRoles),
  'grant-role': route(grantRoleInput, roleView, grantRole),
  'withdraw-role': route(withdrawRoleInput, roleView, withdrawRole),
  'list-keys': route(listKeysInput, keysView, listKeys),
  'make-key': route(makeKeyInput, madeKeyView, makeKey),
  'stop-key': route(stopKeyInput, keyView, stopKey),
  'list-deeds': route(listDeedsInput, deedsView, listDeeds),
} as const;

/** The desk: looking for people, and the stops that nobody knows whose they are. */
import { findPerson, findPersonInput, foundView } from '../../app/window/find-person.ts';
import { listLookUps, listLookUpsInput, lookUpsView } from '../../app/window/list-look-ups.ts';
import { listUnresolved, listUnresolvedInput, unresolvedsView } from '../../app/window/list-unresolved.ts';
import { resolvedView, resolveEvent, resolveEventInput } from '../../app/window/resolve-event.ts';
import { route } from '../route.ts';

export const deskRoutes = {
  'find-person': route(findPersonInput, foundView, findPerson),
  'list-look-ups': route(listLookUpsInput, lookUpsView, listLookUps),
  'list-unresolved': route(listUnresolvedInput, unresolvedsView, listUnresolved),
  'resolve-event': route(resolveEventInput, resolvedView, resolveEvent),
} as const;

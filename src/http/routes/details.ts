/** What a member sees of their own, and what they can prove. */
import { proofView, proveMembership, proveMembershipInput } from '../../app/window/prove-membership.ts';
import { detailsView, showDetails, showDetailsInput } from '../../app/window/show-details.ts';
import { route } from '../route.ts';

export const detailsRoutes = {
  'show-details': route(showDetailsInput, detailsView, showDetails),
  'prove-membership': route(proveMembershipInput, proofView, proveMembership),
} as const;

/** Every place of the API with what stands behind it. */
import type { PlaceName } from '../places.ts';
import type { Route } from '../route.ts';
import { documentRoutes } from './documents.ts';
import { dutyRoutes } from './duties.ts';
import { peopleRoutes } from './people.ts';
import { releaseRoutes } from './releases.ts';
import { requestRoutes } from './requests.ts';

export const routes = {
  ...documentRoutes,
  ...requestRoutes,
  ...releaseRoutes,
  ...dutyRoutes,
  ...peopleRoutes,
} as const satisfies Readonly<Record<PlaceName, Route>>;
export type Routes = typeof routes;

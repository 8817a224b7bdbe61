/** Every place of the API with what stands behind it. */
import type { PlaceName } from '../places.ts';
import type { Route } from '../route.ts';
import { caseRoutes } from './cases.ts';
import { deskRoutes } from './desk.ts';
import { detailsRoutes } from './details.ts';
import { documentRoutes } from './documents.ts';
import { dutyRoutes } from './duties.ts';
import { passedOnRoutes } from './passed-on.ts';
import { peopleRoutes } from './people.ts';
import { releaseRoutes } from './releases.ts';
import { requestRoutes } from './requests.ts';

export const routes = {
  ...caseRoutes,
  ...documentRoutes,
  ...requestRoutes,
  ...releaseRoutes,
  ...dutyRoutes,
  ...passedOnRoutes,
  ...peopleRoutes,
  ...detailsRoutes,
  ...deskRoutes,
} as const satisfies Readonly<Record<PlaceName, Route>>;
export type Routes = typeof routes;

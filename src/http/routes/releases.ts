/** Releases, their evidence, and the supplies that are fetched. */
import { countersignSupply, countersignSupplyInput } from '../../app/flow/countersign-supply.ts';
import { fetchDownload, fetchDownloadInput } from '../../app/flow/fetch-download.ts';
import { listReleases, listReleasesInput, releasesView } from '../../app/flow/list-releases.ts';
import { downloadMadeView, makeDownload, makeDownloadInput } from '../../app/flow/make-download.ts';
import {
  evidenceView,
  listEvidence,
  listEvidenceInput,
  readEvidence,
  readEvidenceInput,
} from '../../app/flow/read-evidence.ts';
import { releaseDetailView, supplyView } from '../../app/flow/release-view.ts';
import { showRelease, showReleaseInput } from '../../app/flow/show-release.ts';
import { fileRoute, route } from '../route.ts';

export const releaseRoutes = {
  'list-releases': route(listReleasesInput, releasesView, listReleases),
  'show-release': route(showReleaseInput, releaseDetailView, showRelease),
  'list-evidence': route(listEvidenceInput, evidenceView, listEvidence),
  'read-evidence': fileRoute(readEvidenceInput, readEvidence),
  'make-download': route(makeDownloadInput, downloadMadeView, makeDownload),
  'fetch-download': fileRoute(fetchDownloadInput, fetchDownload),
  'countersign-supply': route(countersignSupplyInput, supplyView, countersignSupply),
} as const;

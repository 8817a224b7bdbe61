import type { GeographyName } from '../generate/geography.ts';

/** How many of the 1,065,200 the corrected request releases, as the README of this example states it. */
export const statedReleases: Readonly<Record<GeographyName, number>> = { real: 15_576, synthetic: 16_150 };

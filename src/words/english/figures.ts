/** Days and instants as an ISO text has them, said as people read them. */
import { brief, instant } from '../../policy/figures.ts';

/** `23 November 2026 at 09:00 GMT`. */
export const atInstant = (iso: string): string => instant(Date.parse(iso));
/** `23 Nov 2026, 09:00`, for tables. */
export const atBriefly = (iso: string): string => brief(Date.parse(iso));

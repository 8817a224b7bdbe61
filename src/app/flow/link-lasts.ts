/** How long the links work that let their reader in, from when they were made: a mail that brings one later is of no use. */

/** Of a member who signs in. */
export const linkMinutes = 15;
/** Of a new password. */
export const passwordMinutes = 60;
/** Of a first password. */
export const invitationHours = 7 * 24;
/** Of whoever lost their second factor. */
export const factorResetHours = 24;

const minute = 60_000;
/** By the kind of the mail, in milliseconds. A mail of another kind has no such link. */
export const linkLasts: ReadonlyMap<string, number> = new Map([
  ['sign-in', linkMinutes * minute],
  ['password', passwordMinutes * minute],
  ['invitation', invitationHours * 60 * minute],
  ['factor-reset', factorResetHours * 60 * minute],
]);

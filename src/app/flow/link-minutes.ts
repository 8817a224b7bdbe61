/** How long a member's link to sign in works, from when it was asked for: a mail that brings it later is of no use. */
export const linkMinutes = 15;

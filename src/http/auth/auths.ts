/** All by which the service knows who asks: the accounts of staff, those of members, and how often may be tried. */
import { type Attempts, openAttempts } from './attempts.ts';
import type { AuthSettings } from './auth-options.ts';
import { type MemberAuth, memberAuth } from './member-auth.ts';
import { type StaffAuth, staffAuth } from './staff-auth.ts';
import { openTurns, type Turns } from './turns.ts';

export type Auths = {
  readonly settings: AuthSettings;
  readonly staff: StaffAuth;
  readonly members: MemberAuth;
  readonly attempts: Attempts;
  /** Mail asked for by staff, and by members: of the one a flood does not hold up the other. */
  readonly mailing: { readonly staff: Turns; readonly members: Turns };
  /** When all mail that was asked for is in the outbox: to be awaited before the state is closed. */
  settled(): Promise<void>;
};

const mostWaiting = 50;

export function openAuths(settings: AuthSettings): Auths {
  const mailing = {
    staff: openTurns(settings.log, mostWaiting),
    members: openTurns(settings.log, mostWaiting),
  };
  return {
    ...{ settings, mailing },
    staff: staffAuth(settings),
    members: memberAuth(settings),
    attempts: openAttempts(settings),
    async settled() {
      await Promise.all([mailing.staff.settled(), mailing.members.settled()]);
    },
  };
}

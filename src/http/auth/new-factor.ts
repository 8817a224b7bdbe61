/** A second factor made anew, to be shown once; and codes, each of which is good once. */
import { z } from 'zod';
import type { NewFactor } from '../../pages/set-up-second-factor.ts';
import type { Auths } from './auths.ts';
import { answered } from './page-answers.ts';

const made = z.object({ totpURI: z.string(), backupCodes: z.array(z.string()) });

/** Null where the password is wrong, or one is set up already. */
export async function newFactor(
  { staff }: Auths,
  headers: Headers,
  password: string,
): Promise<NewFactor | null> {
  const answer = await answered(
    staff.api.enableTwoFactor({ body: { password, method: 'totp' }, headers, asResponse: true }),
  );
  if (answer.status !== 200) return null;
  const { totpURI, backupCodes } = made.parse(await answer.json());
  return { uri: totpURI, spareCodes: backupCodes };
}

/** For as long as a code might be right, in milliseconds: its own half minute and those beside it. */
const codeLives = 120_000;

/** False where somebody used this code of theirs before: whoever looks over a shoulder comes too late. */
export async function isFirstUse({ staff }: Auths, person: string, code: string): Promise<boolean> {
  const { internalAdapter } = await staff.$context;
  return internalAdapter.reserveVerificationValue({
    identifier: `totp:${person}:${code}`,
    value: person,
    expiresAt: new Date(Date.now() + codeLives),
  });
}

/** Whether an e-mail address stands in an organisation's records: who asks for a sign-in link is told neither way. */
import { ownRecords } from './own-records.ts';
import type { Service } from './service.ts';

/** Opens the engine: not to be asked without a limit. */
export async function isOnRecord(service: Service, org: string, email: string): Promise<boolean> {
  const known = await service.state.organisations();
  if (!known.some((each) => each.org === org)) return false;
  return (await ownRecords(service, org, email)).length > 0;
}

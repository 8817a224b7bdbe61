/** People's accounts for a service of the flow's tests. */
import { randomBytes } from 'node:crypto';
import { accountsOf } from '../../http/auth/accounts.ts';
import { openAuths } from '../../http/auth/auths.ts';
import type { AccountsService } from './accounts.ts';
import { isOnRecord } from './is-on-record.ts';
import type { Service } from './service.ts';

export function withAccounts(service: Service): AccountsService {
  const { state, url, log, now } = service;
  const auths = openAuths({
    ...{ state, url, log, now, secret: randomBytes(32).toString('base64url') },
    isOnRecord: (org, email) => isOnRecord(service, org, email),
  });
  return { ...service, accounts: accountsOf(auths) };
}

/** Where the ledger and the published log of a workspace are. */

export const ledgerFile = 'vault/ledger.sqlite';
/** Stands beside the log's key once there is a ledger: from then on a ledger that is not there was lost, and is not begun anew. */
export const begunFile = 'keys/log.begun';
/** To be served as static files. */
export const logFolder = 'log';

/** Where the ledger and the published log of a workspace are. */

export const ledgerFile = 'vault/ledger.sqlite';
/** To be served as static files. */
export const logFolder = 'log';

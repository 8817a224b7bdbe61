/**
 * The log of each organisation, and what is committed with its entries. Every table has row-level security: the SQL of the
 * ledger is the same as in a workspace's own file, and names no organisation. Forward only, as the step before.
 */

/** The tables whose rows belong to one organisation. */
export const ledgerTables = [
  'log_head',
  'entry',
  'opening',
  'node',
  'preference',
  'preference_batch',
  'preference_batch_file',
  'preference_erasure',
  'evidence_ingest',
  'evidence_release',
  'document_entry',
  'supply_receipt',
] as const;

/** Those from which somebody is erased: the login may vacuum them, and owns none (GRANT MAINTAIN, Postgres 17). */
export const erasedTables = ['opening', 'preference'] as const;

const org = `org text NOT NULL DEFAULT nullif(current_setting('app.org', true), '')`;

/**
 * `latest`: the last instant, in milliseconds, that anything was logged or decided at. `published`: SHA-256 of the
 * checkpoint that the entries were last found to bear out, empty where there was none.
 */
const tables = `
CREATE TABLE log_head (${org} REFERENCES organisation, version bigint NOT NULL, origin text NOT NULL, size bigint NOT NULL CHECK (size >= 0),
  edge bytea NOT NULL, latest bigint NOT NULL, published text NOT NULL, PRIMARY KEY (org));
CREATE TABLE entry (${org}, idx bigint NOT NULL, hash bytea NOT NULL CHECK (octet_length(hash) = 32), PRIMARY KEY (org, idx));
CREATE TABLE opening (${org}, idx bigint NOT NULL, destroyed bigint NOT NULL, salt bytea NOT NULL, content bytea NOT NULL, PRIMARY KEY (org, idx));
CREATE TABLE node (${org}, level bigint NOT NULL, idx bigint NOT NULL, hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (org, level, idx));

CREATE TABLE preference (${org}, event text NOT NULL, source text NOT NULL, idx bigint NOT NULL, erased bigint NOT NULL, key text, who bytea,
  type text NOT NULL, purpose text NOT NULL, organisation text NOT NULL, contact_channel text NOT NULL, field text NOT NULL,
  notice text, consent text, lifts text, delivery text, signed text NOT NULL, received text NOT NULL, logged text NOT NULL,
  received_by text NOT NULL, PRIMARY KEY (org, event), UNIQUE (org, idx));
CREATE INDEX preference_of ON preference (org, source, key);
CREATE INDEX preference_order ON preference (org, source, idx);
CREATE TABLE preference_batch (${org}, id text NOT NULL, source text NOT NULL, digest text NOT NULL, salt text NOT NULL, rows bigint NOT NULL,
  root text NOT NULL, logged text NOT NULL, idx bigint NOT NULL, PRIMARY KEY (org, id), UNIQUE (org, digest), UNIQUE (org, idx));
CREATE TABLE preference_batch_file (${org}, digest text NOT NULL, now text NOT NULL, next text NOT NULL, PRIMARY KEY (org, digest),
  FOREIGN KEY (org, digest) REFERENCES preference_batch (org, digest));
CREATE TABLE preference_erasure (${org}, event text NOT NULL, ended bigint NOT NULL, PRIMARY KEY (org, event),
  FOREIGN KEY (org, event) REFERENCES preference (org, event));

CREATE TABLE evidence_ingest (${org}, source text NOT NULL, snapshot text NOT NULL, commitments text NOT NULL, idx bigint NOT NULL,
  PRIMARY KEY (org, source, snapshot, commitments), UNIQUE (org, idx));
CREATE TABLE evidence_release (${org}, idx bigint NOT NULL, release text NOT NULL, entry bytea NOT NULL, PRIMARY KEY (org, idx));
CREATE INDEX evidence_release_of ON evidence_release (org, entry);
CREATE TABLE document_entry (${org}, kind text NOT NULL, digest text NOT NULL, idx bigint NOT NULL, PRIMARY KEY (org, kind, digest), UNIQUE (org, idx));
CREATE TABLE supply_receipt (${org}, supply text NOT NULL, note text NOT NULL, idx bigint NOT NULL, PRIMARY KEY (org, supply), UNIQUE (org, idx));
`;

const policies = ledgerTables.flatMap((table) => [
  `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`,
  `ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`,
  `CREATE POLICY tenant ON ${table} USING (org = nullif(current_setting('app.org', true), ''))`,
]);

export const ledger002: readonly string[] = [
  ...tables
    .split(/;\s*\n/)
    .map((sql) => sql.trim())
    .filter((sql) => sql !== ''),
  ...policies,
];

/**
 * The state of the service. Every table but `organisation` has row-level security: without `app.org` a query sees no row.
 * Times are of our own clock. Forward only: what stands here is never changed, later steps are other files.
 */

/** The tables whose rows belong to one organisation. */
export const tenantTables = [
  'staff_role',
  'document',
  'document_current',
  'lease',
  'ingest',
  'request',
  'request_event',
  'check_run',
  'approval',
  'release_run',
  'release',
  'supply',
  'download',
  'duty',
  'duty_reminder',
  'freeze',
  'agreement_end',
  'sighting',
  'mail',
  'webhook',
  'webhook_delivery',
  'answered',
  'deed',
] as const;

const tables = `
CREATE TABLE organisation (org text PRIMARY KEY CHECK (org ~ '^[a-z0-9][a-z0-9-]{0,62}$'), name text NOT NULL,
  created_at timestamptz NOT NULL);

CREATE TABLE staff_role (org text NOT NULL REFERENCES organisation, person text NOT NULL,
  role text NOT NULL CHECK (role IN ('steward', 'officer', 'recipient', 'auditor')),
  party text, may_freeze boolean NOT NULL, granted_by text NOT NULL, granted_at timestamptz NOT NULL,
  PRIMARY KEY (org, person, role), CHECK ((role = 'recipient') = (party IS NOT NULL)));

CREATE TABLE document (org text NOT NULL REFERENCES organisation, path text NOT NULL, digest text NOT NULL, text text NOT NULL,
  made_by text NOT NULL, made_at timestamptz NOT NULL, PRIMARY KEY (org, path, digest));
CREATE TABLE document_current (org text NOT NULL, path text NOT NULL, digest text NOT NULL, version integer NOT NULL,
  changed_by text NOT NULL, changed_at timestamptz NOT NULL, PRIMARY KEY (org, path),
  FOREIGN KEY (org, path, digest) REFERENCES document);

CREATE TABLE lease (org text NOT NULL REFERENCES organisation, name text NOT NULL, owner text NOT NULL,
  expires_at timestamptz NOT NULL, PRIMARY KEY (org, name));

CREATE TABLE ingest (org text NOT NULL REFERENCES organisation, id text NOT NULL, source text NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')), asked_by text NOT NULL,
  asked_at timestamptz NOT NULL, finished_at timestamptz, snapshot text, records bigint, fault_code text, fault_words text,
  attempts integer NOT NULL DEFAULT 0, PRIMARY KEY (org, id));

CREATE TABLE request (org text NOT NULL REFERENCES organisation, id text NOT NULL,
  state text NOT NULL CHECK (state IN ('REQUESTED', 'OFFERED', 'AGREED', 'FINALIZED', 'TERMINATED')),
  path text NOT NULL, agreement text NOT NULL, recipient text NOT NULL, parties text[] NOT NULL,
  purposes text[] NOT NULL, source text NOT NULL,
  prepared_by text NOT NULL, requested_at timestamptz NOT NULL, version integer NOT NULL, changed_at timestamptz NOT NULL,
  PRIMARY KEY (org, id));
CREATE TABLE request_event (org text NOT NULL, request text NOT NULL, seq integer NOT NULL,
  deed text NOT NULL CHECK (deed IN ('requested', 'changed', 'checked', 'approved', 'sent-back', 'refused', 'released', 'terminated')),
  state text NOT NULL, by_whom text NOT NULL, at timestamptz NOT NULL, words text,
  PRIMARY KEY (org, request, seq), FOREIGN KEY (org, request) REFERENCES request);

CREATE TABLE check_run (org text NOT NULL, id text NOT NULL, request text NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')), stage text, progress_done bigint, progress_total bigint,
  asked_by text NOT NULL, asked_party text, asked_at timestamptz NOT NULL, finished_at timestamptz,
  to_approve text, cut_off timestamptz, evaluated bigint, released bigint, outcome jsonb, version integer, fault_code text, fault_words text,
  attempts integer NOT NULL DEFAULT 0, PRIMARY KEY (org, id), FOREIGN KEY (org, request) REFERENCES request);
CREATE UNIQUE INDEX check_run_one ON check_run (org, request) WHERE state IN ('queued', 'running');

CREATE TABLE approval (org text NOT NULL, request text NOT NULL, check_run text NOT NULL, digest text NOT NULL,
  approved_by text NOT NULL, approved_at timestamptz NOT NULL, words text NOT NULL, withdrawn_at timestamptz,
  PRIMARY KEY (org, request, check_run), FOREIGN KEY (org, check_run) REFERENCES check_run,
  FOREIGN KEY (org, request) REFERENCES request);

CREATE TABLE release_run (org text NOT NULL, id text NOT NULL, request text NOT NULL, version integer NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')), stage text, progress_done bigint, progress_total bigint,
  asked_by text NOT NULL, asked_at timestamptz NOT NULL, finished_at timestamptz, fault_code text, fault_words text,
  attempts integer NOT NULL DEFAULT 0, PRIMARY KEY (org, id), FOREIGN KEY (org, request) REFERENCES request);
CREATE UNIQUE INDEX release_run_one ON release_run (org, request) WHERE state IN ('queued', 'running');

CREATE TABLE release (org text NOT NULL, id text NOT NULL, request text NOT NULL, recipient text NOT NULL, rows bigint NOT NULL,
  cut_off timestamptz NOT NULL, manifest text NOT NULL, log_index bigint NOT NULL, released_at timestamptz NOT NULL,
  PRIMARY KEY (org, id), UNIQUE (org, request), FOREIGN KEY (org, request) REFERENCES request);
CREATE TABLE supply (org text NOT NULL, id text NOT NULL, release text NOT NULL, recipient text NOT NULL, path text NOT NULL,
  bytes bigint NOT NULL, rows bigint NOT NULL, roster_root text NOT NULL, sealed_at timestamptz NOT NULL,
  countersigned_at timestamptz, countersigned_by text, PRIMARY KEY (org, id), UNIQUE (org, release, recipient),
  FOREIGN KEY (org, release) REFERENCES release);
CREATE TABLE download (org text NOT NULL, id text NOT NULL, supply text NOT NULL, party text NOT NULL, code_hash text NOT NULL,
  made_by text NOT NULL, made_at timestamptz NOT NULL, expires_at timestamptz NOT NULL, fetched_at timestamptz, fetched_by text,
  PRIMARY KEY (org, id), UNIQUE (org, code_hash), FOREIGN KEY (org, supply) REFERENCES supply);

CREATE TABLE duty (org text NOT NULL, id text NOT NULL, release text, agreement text, party text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('countersign', 'inform', 'stop-using', 'delete', 'obey-stops')),
  due_on date NOT NULL, opened_at timestamptz NOT NULL, claimed_at timestamptz, claimed_by text, attestation text, log_index bigint,
  PRIMARY KEY (org, id), UNIQUE NULLS NOT DISTINCT (org, release, agreement, party, kind));
CREATE TABLE duty_reminder (org text NOT NULL, duty text NOT NULL, days integer NOT NULL, mail text NOT NULL,
  PRIMARY KEY (org, duty, days), FOREIGN KEY (org, duty) REFERENCES duty);

CREATE TABLE "freeze" (org text NOT NULL REFERENCES organisation, id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('everything', 'party', 'purpose')), subject text, words text NOT NULL,
  frozen_by text NOT NULL, frozen_as text NOT NULL CHECK (frozen_as IN ('officer', 'auditor')), frozen_at timestamptz NOT NULL,
  lifted_by text, lifted_at timestamptz, lift_words text, log_index bigint, lift_index bigint,
  PRIMARY KEY (org, id), CHECK ((kind = 'everything') = (subject IS NULL)),
  CHECK ((lifted_at IS NULL) = (lift_words IS NULL)));
CREATE TABLE agreement_end (org text NOT NULL REFERENCES organisation, agreement text NOT NULL, ended_by text NOT NULL,
  ended_at timestamptz NOT NULL, words text NOT NULL, PRIMARY KEY (org, agreement));
CREATE TABLE sighting (org text NOT NULL REFERENCES organisation, id text NOT NULL, release text, code text NOT NULL, seen_on date NOT NULL,
  words text NOT NULL, reported_by text NOT NULL, reported_at timestamptz NOT NULL, PRIMARY KEY (org, id));

CREATE TABLE mail (org text NOT NULL, id text NOT NULL, recipient text NOT NULL, kind text NOT NULL, subject text NOT NULL, body text NOT NULL,
  made_at timestamptz NOT NULL, next_at timestamptz NOT NULL, attempts integer NOT NULL, sent_at timestamptz, given_up_at timestamptz,
  fault text, PRIMARY KEY (org, id));
CREATE INDEX mail_due ON mail (org, next_at) WHERE sent_at IS NULL AND given_up_at IS NULL;
CREATE TABLE webhook (org text NOT NULL REFERENCES organisation, id text NOT NULL, party text, url text NOT NULL, secret text NOT NULL,
  made_by text NOT NULL, made_at timestamptz NOT NULL, stopped_at timestamptz, PRIMARY KEY (org, id));
CREATE TABLE webhook_delivery (org text NOT NULL, id text NOT NULL, webhook text NOT NULL, event text NOT NULL, body text NOT NULL,
  made_at timestamptz NOT NULL, next_at timestamptz NOT NULL, attempts integer NOT NULL, delivered_at timestamptz, given_up_at timestamptz,
  status integer, fault text, PRIMARY KEY (org, id), FOREIGN KEY (org, webhook) REFERENCES webhook);
CREATE INDEX webhook_due ON webhook_delivery (org, next_at) WHERE delivered_at IS NULL AND given_up_at IS NULL;

CREATE TABLE answered (org text NOT NULL, actor text NOT NULL, key text NOT NULL, route text NOT NULL, digest text NOT NULL,
  at timestamptz NOT NULL, status integer, type text, location text, etag text, body text, PRIMARY KEY (org, actor, key));
CREATE TABLE deed (org text NOT NULL, seq bigint GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL, actor text NOT NULL,
  use_case text NOT NULL, subject text, outcome text NOT NULL, PRIMARY KEY (org, seq));
`;

/** A person sees in which organisations they have a role, and nothing else, before they choose one. */
const policies = tenantTables.flatMap((table) => [
  `ALTER TABLE "${table}" ENABLE ROW LEVEL SECURITY`,
  `ALTER TABLE "${table}" FORCE ROW LEVEL SECURITY`,
  `CREATE POLICY tenant ON "${table}" USING (org = nullif(current_setting('app.org', true), ''))`,
]);

export const state001: readonly string[] = [
  ...tables
    .split(/;\s*\n/)
    .map((sql) => sql.trim())
    .filter((sql) => sql !== ''),
  ...policies,
  `CREATE POLICY own_roles ON staff_role FOR SELECT USING (person = nullif(current_setting('app.person', true), ''))`,
];

/**
 * What the members' window, the desk and the passing on of stops need. A cell that is somebody's own (`said`, `record`,
 * `reply_to` ...) is overwritten when they are erased; `record_key`, a keyed hash of the record id, stays.
 */

const tables = `
CREATE TABLE member_case (org text NOT NULL REFERENCES organisation, id text NOT NULL, number integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('access', 'correction', 'erasure', 'complaint', 'objection')),
  state text NOT NULL CHECK (state IN ('open', 'waiting', 'done', 'refused')),
  source text, record text, record_key text, said jsonb, reply_to text,
  asked_by text NOT NULL, received_by text NOT NULL CHECK (received_by IN ('web', 'app', 'phone', 'letter', 'email')),
  signed_on date, received_on date NOT NULL, opened_at timestamptz NOT NULL, acknowledged_at timestamptz,
  due_on date NOT NULL, extended boolean NOT NULL DEFAULT false, waiting_since timestamptz, ended_at timestamptz, ended_by text,
  answer text, event text, version integer NOT NULL, PRIMARY KEY (org, id), UNIQUE (org, number),
  CHECK ((state IN ('done', 'refused')) = (ended_at IS NOT NULL)), CHECK ((state = 'waiting') = (waiting_since IS NOT NULL)));
CREATE INDEX member_case_of ON member_case (org, source, record_key);
CREATE INDEX member_case_open ON member_case (org, due_on) WHERE ended_at IS NULL;
CREATE TABLE member_case_step (org text NOT NULL, member_case text NOT NULL, seq integer NOT NULL,
  deed text NOT NULL CHECK (deed IN ('opened', 'acknowledged', 'asked', 'answered', 'extended', 'done', 'refused', 'note')),
  by_whom text NOT NULL, at timestamptz NOT NULL, words text,
  PRIMARY KEY (org, member_case, seq), FOREIGN KEY (org, member_case) REFERENCES member_case);

CREATE TABLE safe_contact (org text NOT NULL REFERENCES organisation, source text NOT NULL, record_key text NOT NULL,
  set_by text NOT NULL, set_at timestamptz NOT NULL, PRIMARY KEY (org, source, record_key));
CREATE TABLE contact_change (org text NOT NULL REFERENCES organisation, source text NOT NULL, record_key text NOT NULL,
  contact_key text NOT NULL, changed_at timestamptz NOT NULL, PRIMARY KEY (org, source, record_key));
CREATE TABLE contact_seen (org text NOT NULL REFERENCES organisation, source text NOT NULL, snapshot text NOT NULL,
  PRIMARY KEY (org, source));

CREATE TABLE look_up (org text NOT NULL REFERENCES organisation, id text NOT NULL, by_whom text NOT NULL, at timestamptz NOT NULL,
  reason text NOT NULL, asked_with text[] NOT NULL, found integer NOT NULL, PRIMARY KEY (org, id));
CREATE INDEX look_up_at ON look_up (org, at);
CREATE TABLE look_up_record (org text NOT NULL, look_up text NOT NULL, number integer NOT NULL, source text NOT NULL,
  record_key text NOT NULL, opened boolean NOT NULL, PRIMARY KEY (org, look_up, number), UNIQUE (org, look_up, source, record_key),
  FOREIGN KEY (org, look_up) REFERENCES look_up);
CREATE INDEX look_up_of ON look_up_record (org, source, record_key);
CREATE TABLE resolution (org text NOT NULL REFERENCES organisation, event text NOT NULL, source text NOT NULL, stop text NOT NULL,
  record_keys text[] NOT NULL, words text NOT NULL, by_whom text NOT NULL, at timestamptz NOT NULL,
  PRIMARY KEY (org, event), UNIQUE (org, source, stop));

CREATE TABLE passed_on (org text NOT NULL, id text NOT NULL, release text NOT NULL, party text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('stop', 'correction', 'restriction', 'erasure')), code text NOT NULL,
  source text NOT NULL, record_key text NOT NULL, cause text NOT NULL, said jsonb, made_at timestamptz NOT NULL, due_on date NOT NULL,
  acknowledged_at timestamptz, acknowledged_by text, answer text CHECK (answer IN ('done', 'not-held', 'refused')), words text,
  PRIMARY KEY (org, id), UNIQUE (org, release, party, code, kind, cause), FOREIGN KEY (org, release) REFERENCES release,
  CHECK ((acknowledged_at IS NULL) = (answer IS NULL)));
CREATE INDEX passed_on_open ON passed_on (org, party, due_on) WHERE acknowledged_at IS NULL;
CREATE INDEX passed_on_of ON passed_on (org, source, record_key);
CREATE TABLE passed_on_reminder (org text NOT NULL REFERENCES organisation, party text NOT NULL, day date NOT NULL,
  at timestamptz NOT NULL, PRIMARY KEY (org, party, day));
CREATE TABLE pass_on_head (org text NOT NULL, release text NOT NULL, idx bigint NOT NULL, cases_to timestamptz NOT NULL,
  PRIMARY KEY (org, release), FOREIGN KEY (org, release) REFERENCES release);
`;

const tenants = [
  'member_case',
  'member_case_step',
  'safe_contact',
  'contact_change',
  'contact_seen',
  'look_up',
  'look_up_record',
  'resolution',
  'passed_on',
  'passed_on_reminder',
  'pass_on_head',
] as const;

export const window004: readonly string[] = [
  ...tables
    .split(/;\s*\n/)
    .map((sql) => sql.trim())
    .filter((sql) => sql !== ''),
  ...tenants.flatMap((table) => [
    `ALTER TABLE "${table}" ENABLE ROW LEVEL SECURITY`,
    `ALTER TABLE "${table}" FORCE ROW LEVEL SECURITY`,
    `CREATE POLICY tenant ON "${table}" USING (org = nullif(current_setting('app.org', true), ''))`,
  ]),
];

/** What the service's login may not take back: what is ever written over, or taken away, is named here. */
import type pg from 'pg';

/**
 * Tables of schema `astold`, and the columns that the program itself changes after a row is written. A statement that does
 * more, whatever it comes from, is refused by the database; where the login owns the tables, by nobody.
 */
export const growingTables: Readonly<Record<string, readonly string[]>> = {
  entry: [],
  node: [],
  log_head: ['size', 'edge', 'latest', 'published'],
  // What opens an entry is destroyed in its place.
  opening: ['destroyed', 'salt', 'content'],
  document_entry: [],
  evidence_ingest: [],
  evidence_release: [],
  supply_receipt: [],
  preference_erasure: ['ended'],
  document: [],
  request_event: [],
  approval: ['withdrawn_at'],
  agreement_end: [],
  release: [],
  freeze: ['log_index', 'lifted_by', 'lifted_at', 'lift_words', 'lift_index'],
  sighting: [],
  deed: [],
  // What names a person goes when they are erased.
  look_up: ['reason'],
  look_up_record: ['opened'],
  resolution: ['words'],
  member_case_step: ['words'],
};

/** Of schema `astold`, the tables of which the program itself takes rows away: what is used up, over, or no longer holds. */
export const endingTables: readonly string[] = [
  'answered',
  'document_current',
  'lease',
  'mail',
  'safe_contact',
  'staff_role',
  'webhook_delivery',
];

/** After all rights were given. A table or column that a later step makes is not there yet. */
export async function keepGrowing(client: pg.ClientBase, login: string): Promise<void> {
  await client.query(`REVOKE DELETE ON ALL TABLES IN SCHEMA astold FROM ${login}`);
  for (const table of endingTables) {
    const { rows } = await client.query('SELECT to_regclass($1) IS NOT NULL AS made', [`astold.${table}`]);
    if (rows[0]?.made === true) await client.query(`GRANT DELETE ON astold.${table} TO ${login}`);
  }
  for (const [table, columns] of Object.entries(growingTables)) {
    const name = `astold.${client.escapeIdentifier(table)}`;
    const { rows } = await client.query<{ columns: string[] | null }>(
      `SELECT array_agg(quote_ident(attname)) FILTER (WHERE attname = ANY ($2)) AS columns
       FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 HAVING count(*) > 0`,
      [name, columns],
    );
    const [found] = rows;
    if (found === undefined) continue;
    await client.query(`REVOKE UPDATE ON ${name} FROM ${login}`);
    if (found.columns !== null)
      await client.query(`GRANT UPDATE (${found.columns.join(', ')}) ON ${name} TO ${login}`);
  }
}

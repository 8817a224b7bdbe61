/** `node insert-loop.fixture.ts DATA [rows]`: opens PGlite there and inserts, saying which row was acknowledged, until it is killed. */
import { writeSync } from 'node:fs';
import { openState } from './open-state.ts';

const [data = ''] = process.argv.slice(2);
const say = (text: string): void => void writeSync(1, `${text}\n`);
try {
  const state = await openState({ url: null, ownerUrl: null, data });
  const before = (await state.organisations()).length;
  say('open');
  for (let n = before; ; n++) {
    const row = { org: `club-${n}`, name: 'A club', created_at: new Date() };
    await state.as(row.org, (tx) => tx.insertInto('organisation').values(row).execute());
    say(row.org);
  }
} catch (error) {
  say(`refused ${(error as { code: unknown }).code}`);
  process.exitCode = 1;
}

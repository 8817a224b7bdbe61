/** The raw files, as tables of the engine. A header is checked here, as the engine would not. */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { text } from './words.ts';

const members =
  'member_id,first_name,surname,address_1,postcode,email,phone,born_on,joined_on,joined_by,notice_version,form_code,' +
  'child1_name,child1_born,child1_died,child2_name,child2_born,child2_died,child3_name,child3_born,child3_died,' +
  'deceased,gone_away,asked_on,asked_status,optin_post,optin_on';
const preferences =
  'event,record,kind,purpose,organisation,contact-channel,field,notice,consent,lifts,delivery,signed,received,logged,' +
  'email,phone,surname,address-line,postcode,birth-date';
const dates: ReadonlySet<string> = new Set([
  'born_on',
  'joined_on',
  'child1_born',
  'child2_born',
  'child3_born',
  'asked_on',
  'optin_on',
]);

export type Inputs = ReturnType<typeof inputs>;

export function inputs(dir: string) {
  const csv = (file: string, header: string): string => {
    if (firstLine(join(dir, file)) !== header)
      throw new RangeError(`${file}: not the columns this was written for`);
    const columns = header.split(',').map((c) => `${text(c)}: '${dates.has(c) ? 'DATE' : 'VARCHAR'}'`);
    return `read_csv(${text(join(dir, file))}, auto_detect = false, header = true, delim = ',', quote = '"',
      escape = '"', nullstr = '', columns = {${columns.join(', ')}})`;
  };
  const lines = (file: string): string =>
    `read_csv(${text(join(dir, file))}, auto_detect = false, header = false, delim = '\x1e', quote = '',
      escape = '', nullstr = '', columns = {'line': 'VARCHAR'})`;
  return {
    members: csv('members.csv', members),
    preferences: csv('preferences.csv', preferences),
    areas: csv('areas.csv', 'postcode,area'),
    seats: csv('seats.csv', 'area'),
    own: csv('own-stops.csv', 'surname,forename,address,postcode'),
    mps: lines('mps.txt'),
    baby: lines('baby-mps.txt'),
  };
}

function firstLine(path: string): string {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(1000);
    return head.subarray(0, readSync(file, head)).toString('utf8').split('\n')[0] ?? '';
  } finally {
    closeSync(file);
  }
}

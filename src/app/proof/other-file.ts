/** What a file that is no JSON is, where its beginning says: of which command it is meant to be read by. */

const supply = 'a supply is read by astold receive, whole';
const kinds: readonly (readonly [(beginning: string) => boolean, string])[] = [
  [(text) => text.startsWith('PK\u0003\u0004'), `a zip: ${supply}`],
  [(text) => text.startsWith('age-encryption.org/'), `a file under age: ${supply}`],
  [(text) => text.includes('"format":"astold/supply/1"'), `the envelope of a supply: ${supply}`],
  [
    (text) => text.includes('"format":"astold/countersignature/1"'),
    'a countersignature: astold countersigned reads it',
  ],
  [
    (text) => /^[^\n]+\n(0|[1-9]\d{0,18})\n[A-Za-z0-9+/]{43}=\n/.test(text),
    'a checkpoint: astold log check --since reads it',
  ],
  [(text) => text.startsWith('PAR1'), 'Parquet: astold audit reads the folder of evidence it lies in'],
];

/** Null where nothing is known of it. Quotes nothing of the file. */
export function otherFile(bytes: Uint8Array): string | null {
  const beginning = Buffer.from(bytes.subarray(0, 4096)).toString('latin1');
  return kinds.find(([is]) => is(beginning))?.[1] ?? null;
}

/** How DuckDB reads files and folds contact details; the twins in TypeScript are in `policy/fold.ts`. */
import type { Intake } from '../ingest/intake.ts';
import { quoteName, quoteText } from './duckdb-dialect.ts';

/** What JavaScript calls white space, for RE2. */
const white =
  '\\x{09}-\\x{0d}\\x{20}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';
const asciiWhite = "chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || ' '";
const isAscii = (x: string): string => `strlen(${x}) = length(${x})`;
const fullTrim = (x: string): string =>
  `nullif(regexp_replace(${x}, '^[${white}]+|[${white}]+$', '', 'g'), '')`;

/** Most texts have nothing to trim, and looking at both ends is far cheaper than trimming. */
function trim(x: string, exotic: boolean): string {
  if (exotic) return fullTrim(x);
  return `CASE WHEN ${x} < '!' OR ends_with(${x}, ' ') THEN nullif(trim(${x}, ' '), '') ELSE ${x} END`;
}

/** Most details of most events are absent: each case begins with that, or all the others are worked out of nothing. */
function foldName(x: string): string {
  return `nullif(CASE WHEN ${x} IS NULL THEN NULL
    WHEN regexp_full_match(${x}, '[A-Za-z0-9]*') THEN lower(${x})
    WHEN regexp_full_match(${x}, '[A-Za-z0-9 ]*') THEN replace(lower(${x}), ' ', '')
    WHEN ${isAscii(x)} THEN translate(lower(${x}), '-''.,' || ${asciiWhite}, '')
    ELSE regexp_replace(lower(strip_accents(${x})), '[${white}\\-''’‘.,]+', '', 'g') END, '')`;
}

const upperAscii = (x: string): string =>
  `translate(${x}, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')`;

/** To take the one space out of a postcode is dear, and most have it: so it stays, and is put into the others. */
function foldPostcode(x: string, exotic: boolean): string {
  const closed = `replace(${x}, ' ', '')`;
  const bare = exotic
    ? `nullif(CASE WHEN regexp_full_match(${x}, '[A-Z0-9 ]*') THEN ${closed} ELSE ${upperAscii(`regexp_replace(${x}, '[${white}]+', '', 'g')`)} END, '')`
    : `CASE WHEN ${isAscii(x)} THEN upper(${closed}) ELSE ${upperAscii(closed)} END`;
  return `CASE WHEN regexp_full_match(${x}, '[A-Z0-9]{2,4} [A-Z0-9]{3}') THEN ${x} WHEN ${x} IS NULL THEN NULL
    ELSE regexp_replace(${bare}, '(?s)...$', ' \\0') END`;
}

function foldEmail(x: string, exotic: boolean): string {
  if (!exotic) return `lower(${x})`;
  return `nullif(CASE WHEN ${x} IS NULL THEN NULL WHEN regexp_full_match(${x}, '[!-~]*') THEN lower(${x}) ELSE lower(${fullTrim(x)}) END, '')`;
}

function foldPhone(x: string): string {
  return `nullif(CASE WHEN ${x} IS NULL THEN NULL
    WHEN regexp_full_match(${x}, '0[1-9][0-9]*') THEN ${x}
    ELSE regexp_replace(regexp_replace(${x}, '[^0-9]', '', 'g'), '^(?:00)?440?([1-9])', '0\\1') END, '')`;
}

/** Where a name begins with three letters, nothing behind them can change those. */
function foldThree(x: string): string {
  return `CASE WHEN ${x} IS NULL THEN NULL
    WHEN ${x} GLOB '[A-Za-z0-9][A-Za-z0-9][A-Za-z0-9]*' THEN lower(substr(${x}, 1, 3)) ELSE left(${foldName(x)}, 3) END`;
}

/**
 * DuckDB casts much that only looks like a date: `2016/1/5`, `20-6-01-11`, a year of six digits, anything behind. Where
 * the year has four digits, the hyphens stand where they must and the last of ten is a digit, the others are digits too.
 */
const dateRead = (x: string, read: string, [from, to]: readonly [string, string]): string =>
  `CASE WHEN ${read} BETWEEN DATE '${from}' AND DATE '${to}' AND ${x} GLOB '????-??-?[0-9]' THEN ${read} END`;
const readDate = (x: string): string => `TRY_CAST(${x} AS DATE)`;
const writtenYears = ['1000-01-01', '9999-12-31'] as const;
const date = (x: string): string => dateRead(x, readDate(x), writtenYears);

const timeShape =
  '^(\\d{4}-\\d\\d-\\d\\d)[T ](\\d\\d:\\d\\d)(:\\d\\d(?:\\.\\d{1,9})?)?(Z|[+-](?:[01]\\d|2[0-3])(?::?[0-5]\\d)?)?$';
const hour = 3_600_000;
const day = 86_400_000;

/** Of a time in one of the rarer forms; `t` are its parts, cut once. A text of another form has none, and casts to null. */
function rarer(x: string, local: number): string {
  const written = `epoch_ms(TRY_CAST(t.day || ' ' || t.clock || CASE WHEN t.second = '' THEN ':00' ELSE t.second END AS TIMESTAMP))`;
  const minutes = `CAST(coalesce(nullif(substr(replace(t.zone, ':', ''), 4, 2), ''), '0') AS BIGINT)`;
  const ms = `(CAST(substr(t.zone, 2, 2) AS BIGINT) * 60 + ${minutes}) * 60000`;
  const offset = `CASE t.zone[1] WHEN '' THEN ${-local} WHEN 'Z' THEN 0 WHEN '-' THEN -1 * ${ms} ELSE ${ms} END`;
  return `list_transform([regexp_extract(${x}, '${timeShape}', ['day', 'clock', 'second', 'zone'])], lambda t: ${written} - ${offset})[1]`;
}

/**
 * Written out to the second, as most files have it: told by its length first. Of the figures only those are looked at
 * that the engine would read in another form.
 */
const looks = (x: string, length: number, rest: string): string =>
  `(strlen(${x}) = ${length} AND ${x} GLOB '[12][0-9][0-9][0-9]-??-??T[0-2][0-9]:??:[0-5][0-9]${rest}')`;
const isLocal = (x: string): string => looks(x, 19, '');
const isUtc = (x: string): string => looks(x, 20, 'Z');
/** That of a British summer, which is most of them. */
const isSummer = (x: string): string => looks(x, 25, '+01:00');
const isOffset = (x: string): string =>
  `(strlen(${x}) = 25 AND regexp_full_match(${x}, '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-]([01][0-9]|2[0-3]):[0-5][0-9]'))`;

/** What the engine makes of it, an offset left out of account. */
const readTime = (x: string): string => `TRY_CAST(${x} AS TIMESTAMP)`;

/**
 * `read` as by `readTime`; `local`, `bare`: what to add where the time has no offset, and where it is a bare date, the
 * only form of ten characters.
 */
function instant(x: string, read: string, local: number, bare: number): string {
  return `CASE WHEN ${x} IS NULL THEN NULL
    WHEN strlen(${x}) = 10 THEN epoch_ms(CAST(${dateRead(x, `CAST(${read} AS DATE)`, writtenYears)} AS TIMESTAMP)) + ${bare}
    WHEN ${isUtc(x)} THEN epoch_ms(${read})
    WHEN ${isLocal(x)} THEN epoch_ms(${read}) + ${local}
    WHEN ${isSummer(x)} THEN epoch_ms(${read}) - ${hour}
    WHEN ${isOffset(x)} THEN epoch_ms(TRY_CAST(${x} AS TIMESTAMPTZ))
    ELSE ${rarer(x, local)} END`;
}

const instantLow = (x: string, read: string): string => instant(x, read, -hour, -hour);
const instantHigh = (x: string, read: string): string => instant(x, read, 0, day);

/** Of a time that can be read: behind its date, only an offset has a plus or a hyphen. */
const offsets = (x: string): readonly string[] => [
  `ends_with(${x}, 'Z')`,
  `contains(${x}, '+')`,
  `${x} LIKE '__________%-%'`,
];
/** Case by case: the rows that one `OR` of them all picks are sorted again. */
const instantWidth = (x: string): string =>
  `CASE WHEN strlen(${x}) = 10 THEN ${day + hour} ${offsets(x)
    .map((has) => `WHEN ${has} THEN 0`)
    .join(' ')} ELSE ${hour} END`;

/** Of more than four at once the engine makes a join. */
function oneOf(x: string, values: readonly string[]): string {
  const some = `${x} IN (${values.slice(0, 4).map(quoteText).join(', ')})`;
  return values.length > 4 ? `(${some} OR ${oneOf(x, values.slice(4))})` : some;
}

export const duckdbIntake: Intake = {
  csv: ({ path, delimiter, skip, columns, parallel }) => {
    const names = Array.from({ length: columns }, (_, i) => `'c${i}': 'VARCHAR'`).join(', ');
    // `new_line` stays out: given, it can make a file read as empty.
    return `read_csv(${quoteText(path)}, auto_detect = false, header = false, skip = ${skip}, delim = ${quoteText(delimiter)},
      quote = '"', escape = '"', columns = {${names}}, nullstr = '', null_padding = false, strict_mode = true,
      ignore_errors = false, parallel = ${parallel}, buffer_size = 4194304)`;
  },
  isCsvFault: ({ message }) => /^Invalid Input Error: .*\bCSV\b/i.test(message),
  lines: (path) =>
    `read_csv(${quoteText(path)}, auto_detect = false, header = false, delim = '\x1e', quote = '', escape = '',
      columns = {'c0': 'VARCHAR'}, nullstr = '', buffer_size = 4194304)`,
  numberedParquet: (path) =>
    `(SELECT file_row_number + 1 AS line, * EXCLUDE (file_row_number) FROM read_parquet(${quoteText(path)}, file_row_number = true))`,
  numberedTable: (table) => `(SELECT rowid + 1 AS line, * FROM ${table})`,
  describeParquet: (path) =>
    `SELECT column_name AS name, column_type AS type FROM (DESCRIBE SELECT * FROM read_parquet(${quoteText(path)}))`,
  numbered: (table, first) => `(SELECT row_number() OVER () - 1 + ${first} AS line, * FROM ${table})`,
  layered: {
    begin: `SET disabled_optimizers = 'filter_pushdown,build_side_probe_side'; SET preserve_insertion_order = false`,
    end: `SET disabled_optimizers = ''; SET preserve_insertion_order = true`,
  },
  unordered: { begin: 'SET preserve_insertion_order = false', end: 'SET preserve_insertion_order = true' },
  trim,
  foldName,
  foldPostcode,
  foldEmail,
  foldPhone,
  foldThree,
  date,
  readDate,
  readTime,
  dateRead,
  integer: (x) => `CASE WHEN regexp_full_match(${x}, '[+-]?[0-9]{1,18}') THEN TRY_CAST(${x} AS BIGINT) END`,
  matches: (text, pattern) =>
    /^[a-z-]+(\|[a-z-]+)*$/.test(pattern)
      ? oneOf(text, pattern.split('|'))
      : `regexp_full_match(${text}, ${quoteText(pattern)})`,
  instantLow,
  instantHigh,
  instantWidth,
  londonDay: (x, low) =>
    `CASE WHEN ${low} IS NULL THEN NULL WHEN strlen(${x}) = 10 OR NOT (${offsets(x).join(' OR ')}) THEN left(${x}, 10)
      ELSE CAST(CAST(timezone('Europe/London', make_timestamptz(${low} * 1000)) AS DATE) AS VARCHAR) END`,
  hash: (parts) => `hash(${parts.join(', ')})`,
  noHash: 'CAST(NULL AS UBIGINT)',
  struct: (parts) =>
    `{${Object.entries(parts)
      .map(([name, value]) => `${quoteName(name)}: ${value}`)
      .join(', ')}}`,
  leastBy: (value, key) => `arg_min(${value}, ${key})`,
  joinOrdered: (text, keys) => {
    const element = `{${keys.map((k, i) => `'k${i}': ${k}`).join(', ')}, 't': ${text}}`;
    return `array_to_string(list_transform(list_sort(list(${element})), lambda e: e.t), '|')`;
  },
  text: (value) => `CAST(${value} AS VARCHAR)`,
  word: (word, among) => `CAST(${quoteText(word)} AS ENUM(${among.map(quoteText).join(', ')}))`,
};

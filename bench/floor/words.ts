/** The words of the floor's SQL: text, folding (docs/formats.md, "Matching keys") and times ("Times"). */

export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** A set of reasons (docs/reasons.md) by its places. */
export const bits = (...places: readonly number[]): string =>
  `${places.reduce((sum, n) => sum | (1n << BigInt(n)), 0n)}::BIGINT`;
export const bitsIf = (holds: string, ...places: readonly number[]): string =>
  `CASE WHEN ${holds} THEN ${bits(...places)} ELSE 0::BIGINT END`;

export const postcode = (x: string): string => `upper(replace(${x}, ' ', ''))`;
export const name = (x: string): string =>
  `regexp_replace(lower(strip_accents(${x})), '[\\s\\-''’‘.,]+', '', 'g')`;

/** Where the first three are letters, the rest needs no folding. */
const three = (x: string): string =>
  `CASE WHEN regexp_matches(${x}, '^[A-Za-z]{3}') THEN lower(left(${x}, 3)) ELSE nullif(left(${name(x)}, 3), '') END`;
/** Hashed: postcode and the first three letters of the surname; `pc` is folded. */
export const near = (surname: string, pc: string): string =>
  `CASE WHEN ${pc} IS NOT NULL AND ${three(surname)} IS NOT NULL THEN hash(${pc}, ${three(surname)}) END`;

const hasOffset = (t: string): string => `regexp_matches(${t}, 'T.*(Z|[+-]\\d\\d:\\d\\d)$')`;
export const earliest = (t: string): string =>
  `CASE WHEN ${hasOffset(t)} THEN epoch_ms(TRY_CAST(${t} AS TIMESTAMPTZ)) ELSE epoch_ms(TRY_CAST(${t} AS TIMESTAMP)) - 3600000 END`;
export const latest = (t: string): string =>
  `CASE WHEN ${hasOffset(t)} THEN epoch_ms(TRY_CAST(${t} AS TIMESTAMPTZ))
    ELSE epoch_ms(TRY_CAST(${t} AS TIMESTAMP)) + CASE WHEN length(${t}) = 10 THEN 86400000 ELSE 0 END END`;

/** 5 May 2017, 9:00 in London. */
export const cutOff = '1493971200000';

/** What a spreadsheet would run gets an apostrophe (docs/formats.md, "Release package"). */
export const inert = (x: string): string =>
  `CASE WHEN regexp_matches(${x}, '^[=+@\\t\\r-]') AND NOT regexp_full_match(${x}, '[+-]([0-9]+[.]?[0-9]*|[.][0-9]+)') THEN '''' || ${x} ELSE ${x} END`;

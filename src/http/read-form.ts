/** Reads a form, as a page of ours or anybody else sends it. */
import type { Context } from 'hono';
import type { BodyData, ParseBodyOptions } from 'hono/utils/body';
import { HttpProblem } from './problems.ts';

/** Throws HttpProblem `input-invalid` of what is no form, such as one of parts that does not say what parts them. */
export async function readForm<Options extends Partial<ParseBodyOptions>>(
  c: Context,
  options: Options,
): Promise<BodyData<Options>> {
  try {
    return await c.req.parseBody<Options, BodyData<Options>>(options);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new HttpProblem({ code: 'input-invalid', detail: 'the form cannot be read' }, { cause: error });
  }
}

/** All texts of each field; files are left out. Throws HttpProblem `input-invalid`. */
export async function readTexts(c: Context): Promise<ReadonlyMap<string, readonly string[]>> {
  const fields = Object.entries(await readForm(c, { all: true }));
  const texts = fields.map(([name, given]): readonly [string, readonly string[]] => [
    name,
    [given].flat().filter((value) => typeof value === 'string'),
  ]);
  if (!texts.every(([, values]) => values.every(isText)))
    throw new HttpProblem({ code: 'input-invalid', detail: 'the form holds a character that is none' });
  return new Map(texts.map(([name, values]) => [name, values.map(lineEnds)]));
}

/** Postgres has no such character in a text, and nobody types it. */
export const isText = (value: string): boolean => !value.includes('\0') && value.isWellFormed();

/** A browser sends the ends of lines as two characters. */
const lineEnds = (value: string): string => value.replaceAll('\r\n', '\n');

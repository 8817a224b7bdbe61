/** Where a document says its data file is. Paths are relative to the document, and a digest is over them as written. */
import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import type { FileSpec } from '../policy/model.ts';
import { orNull, words } from './leaves.ts';

const tokens = /^(?=.*YYYY)(?=.*MM)(?=.*DD)(?:YYYY|MM|DD|HH|mm|ss|[-/. :T])+$/;

export const fileShape = {
  path: words,
  format: z.enum(['csv', 'parquet']),
  encoding: orNull(z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'latin-1'])),
  delimiter: orNull(
    z.string({ error: 'one character' }).length(1, { error: 'one character, such as "," or "\\t"' }),
  ),
  'date-format': z
    .string()
    .regex(tokens, { error: 'how dates are written, such as YYYY-MM-DD or DD/MM/YYYY' })
    .default('YYYY-MM-DD'),
};

type FileDocument = {
  readonly path: string;
  readonly format: FileSpec['format'];
  readonly encoding: FileSpec['encoding'];
  readonly delimiter: string | null;
  readonly 'date-format': string;
};

/** `folder` is that of the document. */
export function toFileSpec(file: FileDocument, folder: string): FileSpec {
  return {
    path: isAbsolute(file.path) ? file.path : resolve(folder, file.path),
    format: file.format,
    encoding: file.encoding,
    delimiter: file.delimiter,
    dateFormat: file['date-format'],
  };
}

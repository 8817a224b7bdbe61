/**
 * Of a request: the language it was opened in, which its mails are written in; null where nobody knows. And of somebody who is
 * in no record: the stops that came with it, one a source.
 */
export const caseMore005: readonly string[] = [
  `ALTER TABLE member_case ADD COLUMN language text, ADD COLUMN stops text[] NOT NULL DEFAULT '{}'`,
];

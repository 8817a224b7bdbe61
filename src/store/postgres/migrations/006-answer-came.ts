/**
 * Of an answer that staff entered, as its party told them: how it came, and on which day. Null of one that the party gave here
 * itself; who wrote it down is `acknowledged_by` in either case.
 */
export const answerCame006: readonly string[] = [
  `ALTER TABLE passed_on ADD COLUMN came_by text CHECK (came_by IN ('phone', 'letter', 'email')), ADD COLUMN came_on date,
  ADD CHECK ((came_by IS NULL) = (came_on IS NULL)), ADD CHECK (came_by IS NULL OR answer IS NOT NULL)`,
];

/** What is wrong with documents, a line each. */
import type { Refused } from '../../app/flow/service.ts';
import { faultMessage } from '../../documents/fault.ts';

export const faultLines = ({ faults = [] }: Refused): readonly string[] =>
  faults.map((fault) => `${fault.file}:${fault.line}:${fault.column} ${faultMessage(fault)}`);

/** Every step of the database's schema, in order. A new one is a file of its own and a line at the end. */
import type { Migration } from '../migrate.ts';
import { state001 } from './001-state.ts';
import { ledger002 } from './002-ledger.ts';
import { auth003 } from './003-auth.ts';
import { window004 } from './004-window.ts';
import { caseMore005 } from './005-case-more.ts';
import { answerCame006 } from './006-answer-came.ts';

export const migrations: readonly Migration[] = [
  { name: '001-state', statements: state001 },
  { name: '002-ledger', statements: ledger002 },
  { name: '003-auth', statements: auth003 },
  { name: '004-window', statements: window004 },
  { name: '005-case-more', statements: caseMore005 },
  { name: '006-answer-came', statements: answerCame006 },
];

/** Errors of the database, with the codes the state gives them, where somebody asked it without the state. */
import { asStateError } from '../../store/postgres/connection.ts';

/** What better-auth or pg-boss met of the database: StateError where it is away; everything else as it is. */
export const codedError = (error: unknown): unknown => asStateError(error);

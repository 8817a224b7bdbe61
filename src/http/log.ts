/** The log of the server: lines of JSON, of which none names a person. */
import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from './config.ts';
import { safeError } from './problem-of-error.ts';

/** On standard error where nothing else is given: what a command answers is on standard output. */
export function openLog(level: Config['logLevel'], to: DestinationStream = pino.destination(2)): Logger {
  return pino(
    {
      level,
      base: {},
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Whoever logs an error logs its code and its place, never its words.
      serializers: { err: safeError, error: safeError },
    },
    to,
  );
}

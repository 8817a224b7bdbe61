/** Options of the commands that open the gate. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { GateOptions, Progress } from '../app/gate/context.ts';
import type { Instant } from '../policy/model.ts';
import { sqliteLedger } from '../store/sqlite/place.ts';

export type GateFlags = { readonly asOf?: Instant; readonly threads?: number; readonly memoryLimit?: string };

/** Adds `--threads` and `--memory-limit`. */
export function withEngineOptions(command: Command): Command {
  return command
    .addOption(new Option('--threads <n>', 'processor cores to use').argParser(threads))
    .addOption(new Option('--memory-limit <size>', 'memory for the engine, such as 512MB').argParser(size));
}

/** Adds `--as-of`. */
export function withAsOf(command: Command): Command {
  return command.addOption(
    new Option(
      '--as-of <instant>',
      'decide as of a past instant, such as 2017-05-05T09:00:00+01:00',
    ).argParser(pastInstant),
  );
}

export function engineOptions(
  flags: GateFlags,
  onProgress: Progress,
): Pick<GateOptions, 'threads' | 'memoryLimit' | 'onProgress'> {
  return { threads: flags.threads ?? null, memoryLimit: flags.memoryLimit ?? null, onProgress };
}

export function gateOptions(
  { root }: { readonly root: string },
  flags: GateFlags,
  onProgress: Progress,
): GateOptions {
  return {
    asOf: flags.asOf ?? null,
    ...engineOptions(flags, onProgress),
    ledger: sqliteLedger(root),
  };
}

/** An instant with its offset: a bare day could mean its beginning or its end. */
function pastInstant(text: string): Instant {
  const at = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (Number.isNaN(at))
    throw new InvalidArgumentError('Give day, time and offset: 2017-05-05T09:00:00+01:00 (or Z).');
  return at;
}

const most = 1024;
/** In megabytes. With less the engine cannot open a file. */
const leastMemory = 128;
const mostMemory = 16_000_000;

function threads(text: string): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > most) throw new InvalidArgumentError(`Give a whole number from 1 to ${most}.`);
  return count;
}

function size(text: string): string {
  const [, count = '', unit = ''] = /^(\d{1,9}(?:\.\d{1,3})?)\s?(MB|GB|MiB|GiB)$/.exec(text) ?? [];
  const megabytes = Number(count) * (unit.startsWith('G') ? 1000 : 1);
  if (count === '' || megabytes < leastMemory || megabytes > mostMemory)
    throw new InvalidArgumentError('Give a size from 128MB to 16000GB, such as 512MB or 2GB.');
  return text;
}

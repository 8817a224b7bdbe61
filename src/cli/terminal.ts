/** What the command line writes to, and how it may look: colour never carries meaning alone. */
import { styleText } from 'node:util';

export type Terminal = {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly outIsTty: boolean;
  /** Progress is shown on this stream alone; null where stderr is no terminal. */
  readonly progress: NodeJS.WritableStream | null;
  /** Columns; 100 where stdout is no terminal. */
  readonly width: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
};

type Paint = (text: string) => string;
export type Style = {
  readonly strong: Paint;
  readonly soft: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly note: Paint;
};

export const plainStyle: Style = { strong: String, soft: String, good: String, bad: String, note: String };

/** Colours where stdout is a terminal, NO_COLOR is not set (to anything but nothing) and `--no-color` is not given. */
export function styleFor(terminal: Pick<Terminal, 'outIsTty' | 'env'>, wanted: boolean): Style {
  const forbidden = (terminal.env.NO_COLOR ?? '') !== '' || terminal.env.TERM === 'dumb';
  if (!wanted || forbidden || !terminal.outIsTty) return plainStyle;
  const paint =
    (format: Parameters<typeof styleText>[0]): Paint =>
    (text) =>
      styleText(format, text, { validateStream: false });
  return {
    strong: paint('bold'),
    soft: paint('dim'),
    good: paint('green'),
    bad: paint('red'),
    note: paint('yellow'),
  };
}

/**
 * The process's own terminal. A reader that goes away (`| head`) ends the writing quietly; an answer that cannot be
 * written (a full disk) is a failure, said in one line.
 */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  let said = false;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || said) return;
    said = true;
    stderr.write(`error: the answer could not be written [${error.code ?? 'failed'}]\n`);
    process.on('exit', () => {
      process.exitCode = 1;
    });
  });
  // There is nobody left to tell.
  stderr.on('error', () => {});
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    outIsTty: stdout.isTTY === true,
    progress: stderr.isTTY === true ? stderr : null,
    // A terminal that does not know its width says 0.
    width: stdout.isTTY === true ? Math.max(40, stdout.columns || 80) : 100,
    env: process.env,
    cwd: process.cwd(),
  };
}

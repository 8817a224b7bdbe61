/** Whose turn it is at PGlite's one session: a whole query, or a whole transaction, with nobody in between. */
import type { PGlite } from '@electric-sql/pglite';
import { sync } from './pglite-wire.ts';

/** Who asks. What it is given after it is gone goes nowhere. */
export type TurnTaker = { readonly gone: boolean; answer(bytes: Buffer): void; cutOff(): void };
/** `whole`: nothing is left to ask before the next may. */
export type Turn = { readonly taker: TurnTaker; readonly bytes: Buffer; readonly whole: boolean };

export type Turns = {
  take(turn: Turn): void;
  /** Takes back what it asked and what it left undone. */
  leave(taker: TurnTaker): void;
  close(): void;
};

/**
 * Who leaves a transaction idle so long is cut off. `failed` is told when PGlite itself has broken down: nobody has a
 * turn after that.
 */
export function takeTurns(db: PGlite, idleTransactionMs: number, failed: (error: unknown) => void): Turns {
  let queue: Turn[] = [];
  let owner: TurnTaker | null = null;
  let running = false;
  let idle: NodeJS.Timeout | undefined;

  const next = (): Turn | undefined => {
    const i = owner === null ? 0 : queue.findIndex(({ taker }) => taker === owner);
    return i < 0 ? undefined : queue.splice(i, 1)[0];
  };

  const run = async ({ taker, bytes, whole }: Turn): Promise<void> => {
    await say(db, bytes, taker);
    owner = !whole || db.isInTransaction() ? taker : null;
    if (owner !== null) idle = setTimeout(() => taker.cutOff(), idleTransactionMs);
  };

  const undo = async (): Promise<void> => {
    clearTimeout(idle);
    await say(db, sync, null);
    if (db.isInTransaction()) await db.exec('ROLLBACK');
    owner = null;
  };

  const pump = async (): Promise<void> => {
    if (running) return;
    running = true;
    try {
      for (;;) {
        if (owner?.gone) await undo();
        const turn = next();
        if (turn === undefined) break;
        clearTimeout(idle);
        await run(turn);
      }
      running = false;
    } catch (error) {
      // It stays `running`: what became of the session is unknown.
      failed(error);
    }
  };

  return {
    take(turn) {
      queue.push(turn);
      void pump();
    },
    leave(taker) {
      queue = queue.filter((turn) => turn.taker !== taker);
      void pump();
    },
    close: () => clearTimeout(idle),
  };
}

function say(db: PGlite, bytes: Buffer, taker: TurnTaker | null): Promise<void> {
  const onRawData = (data: Uint8Array): void => taker?.answer(Buffer.from(data));
  return db.runExclusive(() => db.execProtocolRawStream(bytes, { onRawData }));
}

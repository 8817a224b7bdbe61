/** What is known of a request while it is answered, for the log and the figures. */
import type { HttpBindings } from '@hono/node-server';
import type { Actor } from '../app/flow/service.ts';

export type Seen = {
  readonly Bindings: Partial<HttpBindings>;
  readonly Variables: {
    requestId: string;
    actor?: Actor;
    /** The name of the organisation that a page is of, once it is known. */
    club?: string;
    /** What was thrown, where nobody had expected it. */
    fault?: unknown;
  };
};

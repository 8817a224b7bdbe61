/** A thread of `look-aside.ts`. Plain JavaScript, as the launcher is: a thread has a cache of its own to open. */
import nodeModule from 'node:module';
import { parentPort } from 'node:worker_threads';

nodeModule.enableCompileCache();
const { look } = await import('./look.ts');
const port = parentPort;
port?.on('message', async (/** @type {import('./look.ts').Look | null} */ asked) => {
  if (asked === null) port.close();
  else port.postMessage(await look(asked));
});

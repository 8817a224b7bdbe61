/**
 * `npm start`: the service. Without ASTOLD_DATABASE_URL on the database that comes along, with an example club and links
 * to sign in: for trying out. With it, on that database, and nothing is made up.
 */
import { exampleKeys, exampleMember, exampleOrg, loadExample, people } from '../examples/service.ts';
import { sayError } from '../src/cli/say-error.ts';
import { processTerminal } from '../src/cli/terminal.ts';
import { untilStopped } from '../src/cli/until-stopped.ts';
import { makeMemberOneTimeLink, makeOneTimeLink } from '../src/http/auth/one-time-link.ts';
import { type Ready, serve } from '../src/http/serve.ts';
import { usableConfig } from '../src/http/usable-config.ts';

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

async function begin(ready: Ready): Promise<void> {
  const { url, service, auths, mailFolder } = ready;
  say(`\nAsTold is at ${url}, its API at ${url}/api`);
  if (service.state.kind === 'postgres') return;
  await loadExample(service);
  say(
    '\nFor trying out: the database that comes along is not safe against a power cut. All people are invented.',
  );
  say('Sign in with one of these links; each opens once, within the hour:\n');
  for (const { role, name, email } of people) {
    const { person } = await service.accounts.personOf(email, name);
    say(`  ${role.padEnd(10)} ${name.padEnd(16)} ${await makeOneTimeLink(auths, { person })}`);
  }
  const link = await makeMemberOneTimeLink(auths, { org: exampleOrg, email: exampleMember });
  say(`  ${'member'.padEnd(10)} ${'Robyn Fletcher'.padEnd(16)} ${link}`);
  say(`\n  two browsers, or a private window, keep two people apart`);
  say(`  keys of the mailing house that receives: ${exampleKeys(service.data)}`);
  if (mailFolder !== null) say(`  mail that would be sent: ${mailFolder}`);
  say('\nStop with Ctrl-C.');
}

// Records and keys are the owner's alone to read.
process.umask(0o077);
try {
  // What people are shown is not to be lost among the lines of a log.
  const config = usableConfig({ ASTOLD_LOG_LEVEL: 'warn', ...process.env });
  const serving = await serve({ config, onReady: begin });
  await untilStopped(() => serving.stop(config.stopSeconds));
} catch (error) {
  await sayError(error, processTerminal(), false);
  process.exitCode = 1;
}

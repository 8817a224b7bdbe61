/** The command line: its commands, their help, and the session each runs in. */
import { Command } from 'commander';
import { addAuditCommands } from './commands-audit.ts';
import { addDocumentCommands } from './commands-documents.ts';
import { addDutyCommands } from './commands-duty.ts';
import { addGateCommands } from './commands-gate.ts';
import { addLogCommands } from './commands-log.ts';
import { addNoticeCommands } from './commands-notices.ts';
import { addOrganisationCommands } from './commands-organisation.ts';
import { addPersonCommands } from './commands-person.ts';
import { addPreferCommands } from './commands-prefer.ts';
import { addProofCommands } from './commands-proof.ts';
import { addReceiptCommands } from './commands-receipt.ts';
import { addServiceCommands } from './commands-service.ts';
import { addSupplyCommands } from './commands-supply.ts';
import type { ExitStatus } from './exit.ts';
import { type Bind, openSession } from './session.ts';
import type { Terminal } from './terminal.ts';

/** `ended` is told the exit status of the command that ran. */
export function buildProgram(
  terminal: Terminal,
  version: string,
  ended: (status: ExitStatus) => void,
): Command {
  const program = new Command('astold')
    .description('Releases personal data only as its people were told, and says why.')
    .version(version, '-V, --version', 'show the version')
    .option('-w, --workspace <folder>', 'the workspace; else the nearest folder with an astold.yaml')
    .option('--json', 'answer in JSON')
    .option('--no-color', 'plain text (so does NO_COLOR, and a pipe)')
    .option('-q, --quiet', 'the answer alone: no progress, no hints')
    .helpOption('-h, --help', 'show help')
    .addHelpCommand(helpCommand())
    .showHelpAfterError('Run with --help to see what can be asked.')
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      getOutHelpWidth: () => terminal.width,
      getErrHelpWidth: () => terminal.width,
    })
    .exitOverride()
    .addHelpText('after', help);
  const bind: Bind =
    (run) =>
    async (...given) => {
      const command = given.at(-1) as Command;
      const all = command.optsWithGlobals();
      const session = openSession(terminal, {
        workspace: typeof all.workspace === 'string' ? all.workspace : null,
        json: all.json === true,
        color: all.color !== false,
        quiet: all.quiet === true,
      });
      // What the options are is declared beside each command, where commander parsed them.
      ended(await run(session, command.args, command.opts() as Parameters<typeof run>[2]));
    };
  // In the groups of docs/cli.md.
  const logAndKeys = 'The log and the keys:';
  program.commandsGroup('Deciding and releasing:');
  addGateCommands(program, bind);
  addDocumentCommands(program, bind);
  addNoticeCommands(program, bind);
  program.commandsGroup('What people say:');
  addPreferCommands(program, bind);
  addReceiptCommands(program, bind);
  program.commandsGroup('Handing over:');
  addSupplyCommands(program, bind);
  addDutyCommands(program, bind);
  program.commandsGroup('Proving and auditing:');
  addProofCommands(program, bind);
  addAuditCommands(program, bind);
  program.commandsGroup(logAndKeys);
  addLogCommands(program, bind);
  program.commands.find((command) => command.name() === 'key')?.helpGroup(logAndKeys);
  program.commandsGroup('The service:');
  addServiceCommands(program, bind);
  addOrganisationCommands(program, bind);
  addPersonCommands(program, bind);
  program.commandsGroup('This program:');
  return program;
}

const helpCommand = (): Command =>
  new Command('help')
    .argument('[command]')
    .description('show the help of a command')
    .helpOption(false)
    .helpGroup('This program:');

const help = `
Exit status: 0 something may go, or what was asked was done; 3 nothing may go, an apparent breach, or nothing found;
1 failed, or does not hold; 2 wrong use or invalid input.

Begin with:  astold init my-club && cd my-club && astold check toy-offer`;

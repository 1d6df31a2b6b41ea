import { asHyperslabError, HyperslabError } from '@hyperslab/errors';
import { inSpan } from '@hyperslab/telemetry/spans';
import { startTelemetry } from '@hyperslab/telemetry/start';
import { Command, CommanderError } from 'commander';
import { assertCommandsKnown } from './command-line/assert-commands-known.ts';
import { addBackupCommands } from './command-line/backup-commands.ts';
import { addComputeCommands } from './command-line/compute-commands.ts';
import { addDatasetCommands } from './command-line/dataset-commands.ts';
import { addJobCommands } from './command-line/job-commands.ts';
import { addMeshCommands } from './command-line/mesh-commands.ts';
import { addToolCommands } from './command-line/tool-commands.ts';
import { type CommonOptions, Context, type Interrupts } from './context.ts';
import { exitStatus, exitStatusOf } from './exit-status.ts';
import { errorLine } from './print-error.ts';

/** What a command does, with its arguments and options. A number that it answers is the exit status. */
type Action<Options> = (context: Context, args: string[], options: Options) => Promise<unknown>;

/** Adds a command of the program: its action is loaded when it is run, so that others start fast. */
export type AddCommand = <Options>(
  parent: Command,
  usage: string,
  description: string,
  load: () => Promise<Action<Options>>,
) => Command;

/** Commands that last for as long as somebody wants them: what they do is no step of one trace. */
const lasting = new Set(['up', 'top', 'port-forward']);

/** Runs a command line and answers the exit status. Nothing is thrown: a failure is printed. */
export async function runProgram(args: readonly string[], interrupts: Interrupts): Promise<number> {
  let status: number = exitStatus.done;
  const telemetry = await startTelemetry({ service: 'cli' });
  const add: AddCommand = (parent, usage, description, load) =>
    parent
      .command(usage)
      .description(description)
      .option('--state <dir>', 'state directory of a mesh on this machine (default: ~/.hyperslab)')
      .option('--json', 'print results, and errors, for programs')
      .action(async (...given: unknown[]) => {
        // Commander gives the arguments, then the options, then the command.
        const options = given[given.length - 2] as CommonOptions & { follow?: boolean };
        const context = new Context(options, interrupts);
        try {
          const action = await load();
          const args = given.slice(0, -2).flat() as string[];
          const run = () => action(context, args, options as never);
          const name = usage.split(' ')[0];
          const path = parent.parent === null ? name : `${parent.name()} ${name}`;
          const lasts = lasting.has(path) || options.follow === true;
          const answer = await (lasts ? run() : inSpan(`hyperslab ${path}`, {}, run));
          if (typeof answer === 'number') status = answer;
        } finally {
          context.close();
        }
      });
  try {
    const program = createProgram(add);
    assertCommandsKnown(program, args);
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitStatus.done;
    const error = thrown instanceof CommanderError ? usageError(thrown) : asHyperslabError(thrown);
    process.stderr.write(errorLine(error, args.includes('--json')));
    if (error.reason === 'INTERNAL' && process.env.HYPERSLAB_LOG_LEVEL === 'debug') console.error(thrown);
    return exitStatusOf(error, interrupts.interrupted.aborted);
  } finally {
    await telemetry.stop();
  }
}

/** What Commander says of a wrong command line, as every other failure is said. */
function usageError({ code, message }: CommanderError): HyperslabError {
  const what =
    code === 'commander.help' ? 'no command was given' : message.replace(/^error: /, '').replace(/\.$/, '');
  return new HyperslabError(
    'INVALID_ARGUMENT',
    `${what}; \`hyperslab --help\` lists the commands and what they take`,
  );
}

/** The command line, as a tree of commands. */
function createProgram(add: AddCommand): Command {
  const program = new Command('hyperslab');
  program
    .description(
      'Publish gridded weather and climate data once; anyone finds, slices, plots and computes on it',
    )
    .version('0.1.0')
    .exitOverride()
    // Failures of the command line are printed as all others are.
    .configureOutput({ writeErr: () => {} });
  addMeshCommands(program, add);
  addDatasetCommands(program, add);
  addComputeCommands(program, add);
  addJobCommands(program, add);
  addBackupCommands(program, add);
  addToolCommands(program, add);
  return program;
}

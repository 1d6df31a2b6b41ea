import { type Command, Option } from 'commander';

/** Adds the option that says before or after which other jobs this one is done. */
export function withPriority(command: Command): Command {
  return command.addOption(
    new Option(
      '--priority <priority>',
      "high: before your other jobs; low: when nobody's other jobs have anything to do",
    )
      .choices(['high', 'normal', 'low'])
      .default('normal'),
  );
}

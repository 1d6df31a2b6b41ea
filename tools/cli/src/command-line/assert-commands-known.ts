import type { Command } from 'commander';

/** Commander answers `nonsense --help` with the help of the program, as if there were such a command. Refuses it. */
export function assertCommandsKnown(program: Command, args: readonly string[]): void {
  if (!args.includes('--help') && !args.includes('-h') && args[0] !== 'help') return;
  let command = program;
  for (const word of args.filter((arg) => !arg.startsWith('-') && arg !== 'help')) {
    if (command.commands.length === 0) return;
    const next = command.commands.find((candidate) => candidate.name() === word);
    if (next === undefined)
      program.error(`error: unknown command '${word}'`, { code: 'commander.unknownCommand' });
    else command = next;
  }
}

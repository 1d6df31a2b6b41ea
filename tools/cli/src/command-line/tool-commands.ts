import type { Command } from 'commander';
import type { AddCommand } from '../program.ts';
import { wholeNumber } from './option-values.ts';

/** Commands that need no mesh. */
export function addToolCommands(program: Command, add: AddCommand): void {
  add(
    program,
    'sample <dir>',
    'write a synthetic model run',
    async () => (await import('../commands/sample.ts')).sample,
  )
    .option('--size <size>', 'bytes in all, as in 2GiB', '64MiB')
    .option('--seed <n>', 'another run of the same kind', wholeNumber(0, 2 ** 31), 1);
  add(
    program,
    'config',
    'print every setting, its value and where it came from',
    async () => (await import('../commands/config.ts')).config,
  );
}

import type { Command } from 'commander';
import type { AddCommand } from '../program.ts';
import { wholeNumber } from './option-values.ts';

/** Commands about jobs. */
export function addJobCommands(program: Command, add: AddCommand): void {
  add(program, 'jobs', 'list jobs, newest first', async () => (await import('../commands/jobs.ts')).jobs);
  add(
    program,
    'top',
    'show workers, queue, jobs and events as they change; q quits',
    async () => (await import('../commands/top.ts')).top,
  )
    .option('--once', 'print how it is and end')
    .option('--interval <seconds>', 'time between updates', wholeNumber(1, 60), 1);
  add(program, 'cancel <id>', 'stop a job', async () => (await import('../commands/cancel.ts')).cancel);
}

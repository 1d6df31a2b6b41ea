import type { Command } from 'commander';
import type { AddCommand } from '../program.ts';

/** Commands about jobs. */
export function addJobCommands(program: Command, add: AddCommand): void {
  add(program, 'jobs', 'list jobs, newest first', async () => (await import('../commands/jobs.ts')).jobs);
  add(program, 'cancel <id>', 'stop a job', async () => (await import('../commands/cancel.ts')).cancel);
}

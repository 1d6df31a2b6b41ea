import type { Command } from 'commander';
import type { AddCommand } from '../program.ts';
import { addMergeOptions } from './merge-options.ts';
import { durationMs } from './option-values.ts';
import { withPriority } from './priority-option.ts';

/** Commands that publish, find and manage datasets. */
export function addDatasetCommands(program: Command, add: AddCommand): void {
  const inspect = add(
    program,
    'inspect <url...>',
    'merge files and print the cubes; publish nothing',
    async () => (await import('../commands/inspect.ts')).inspect,
  );
  withPriority(addMergeOptions(inspect));
  const publish = add(
    program,
    'publish <name> <url...>',
    'merge files and publish them as the next version of a name',
    async () => (await import('../commands/publish.ts')).publish,
  );
  withPriority(addMergeOptions(publish))
    .option('--request-id <id>', 'names the request: a repeat answers the same version')
    .option('--unless-same', 'publish nothing when the result equals the latest version')
    .option('--fresh', 'read all files anew, also those whose index was kept')
    .option('--follow', 'take in new files as they come, as new versions, until Ctrl-C')
    .option('--every <time>', 'with --follow: how often files are looked for (default: 30s)', durationMs)
    .option(
      '--settle <time>',
      'with --follow: a file that was changed within this time is left for later (default: 10s)',
      durationMs,
    );
  add(program, 'ls [query]', 'list datasets', async () => (await import('../commands/ls.ts')).ls)
    .option('--parameter <name>', 'only with a parameter of this name, standard name or long name')
    .option('--from <time>', 'only with data at or after this time')
    .option('--to <time>', 'only with data at or before this time')
    .option('--area <w,s,e,n>', 'only with data in this area, degrees')
    .option('--prefix <name>', 'only names that start with this');
  add(
    program,
    'show <name> [parameter]',
    'describe a dataset or one of its parameters or coordinates',
    async () => (await import('../commands/show.ts')).show,
  )
    .option('--markdown', 'as a Markdown page')
    .option('--units <units>', 'in other units: what convert(PARAMETER, "UNITS") computes');
  add(
    program,
    'versions <name>',
    'list the versions of a dataset',
    async () => (await import('../commands/versions.ts')).versions,
  );
  add(
    program,
    'unpublish <name>',
    'hide a dataset, or one version of it; nothing is deleted',
    async () => (await import('../commands/unpublish.ts')).unpublish,
  );
  add(
    program,
    'restore <name>',
    'show again what was unpublished',
    async () => (await import('../commands/restore.ts')).restore,
  );
}

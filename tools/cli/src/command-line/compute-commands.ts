import { operationUsages } from '@hyperslab/expression/operations';
import type { Command } from 'commander';
import type { AddCommand } from '../program.ts';
import { withOutOptions } from './out-options.ts';
import { withPriority } from './priority-option.ts';

const language = `
Expressions
  t                                     a parameter, by name or standard name
  t[pressure=850, latitude=40:60]       by coordinate value; ranges include both ends
  t[time="2026-11-22T06:00"]            a date and time with colons is quoted
  t[time=#0, "dim 2"=#0:#6]             by index; a range excludes its end
  + - * / ^  < <= > >= == != && || !    operators; "other/dataset@3:t" is another dataset's parameter
  sqrt abs exp log sin cos clip         functions
  where(t > 273.15, t)                  missing where the condition does not hold; or that of a third argument
  is_missing(t), fill_missing(t, 0)     1 where it is missing, else 0; a value where it is missing
  convert(t, "degC")                    other units

Operations
${operationUsages()
  .map(({ usage, summary }) => `  ${usage}\n      ${summary}`)
  .join('\n')}`;

/** Commands that compute. */
export function addComputeCommands(program: Command, add: AddCommand): void {
  const compute = add(
    program,
    'compute <name> <expression...>',
    'compute an expression on the workers, or several into one file, each as it is or as NAME=EXPRESSION',
    async () => (await import('../commands/compute.ts')).compute,
  );
  withPriority(withOutOptions(compute))
    .option(
      '--on-workers',
      'the workers write it, in parallel: one result to .zarr, below HYPERSLAB_OUTPUT_ROOTS of theirs',
    )
    .option('--publish <as>', 'publish the result under a name instead of printing it')
    .addHelpText('after', language);
  const persist = add(
    program,
    'persist <name> <expression>',
    'compute and keep the result on the workers',
    async () => (await import('../commands/persist.ts')).persist,
  );
  withPriority(persist).addHelpText('after', language);
  withOutOptions(
    add(
      program,
      'result <job>',
      'read a persisted result',
      async () => (await import('../commands/result.ts')).result,
    ),
  );
  add(
    program,
    'release <job>',
    'give back the memory of a persisted result',
    async () => (await import('../commands/release.ts')).release,
  );
  add(
    program,
    'explain <name> <expression>',
    'show what an expression would read and do; compute nothing',
    async () => (await import('../commands/explain.ts')).explain,
  ).addHelpText('after', language);
  const plot = add(
    program,
    'plot <name> <expression>',
    'draw a map with coastlines or a line, as the dimensions say',
    async () => (await import('../commands/plot.ts')).plot,
  );
  withPriority(plot)
    .requiredOption('--out <file>', 'write the picture: .png or .svg')
    .addHelpText('after', language);
}

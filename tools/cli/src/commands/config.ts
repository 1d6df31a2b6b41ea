import { configTable, readConfig } from '@hyperslab/config';
import type { Context } from '../context.ts';
import { textTable } from '../output/text-table.ts';

/** Prints every setting, its value and where it came from. */
export async function config(context: Context): Promise<void> {
  const rows = configTable(readConfig(process.env, { state: context.state }));
  context.print(rows, () =>
    textTable(
      ['variable', 'value', 'from', 'what it does'],
      rows.map(({ variable, value, source, description }) => [variable, value || '-', source, description]),
    ),
  );
}

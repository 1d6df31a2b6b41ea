import type { ComputedArray, Priority } from '@hyperslab/client';
import type { SavedResults } from '@hyperslab/results';
import type { Context } from '../context.ts';
import { usageError } from '../context.ts';
import { type Named, openNamed } from '../open-named.ts';
import { arrayText } from '../output/array-text.ts';
import { jsonArray, jsonText } from '../output/json-array.ts';
import { namedExpression } from '../output/named-expression.ts';
import { assertPlain, checkOut, type OutFlags, outKind, saveOptions } from '../output/out-option.ts';
import { withProgress } from '../output/progress.ts';
import { writeFileWhole } from '../output/write-file.ts';
import { publishedText } from './publish.ts';

/** Options of `hyperslab compute`. */
export interface ComputeOptions extends OutFlags {
  publish?: string;
  priority?: Priority;
}

/** Computes an expression and prints, writes or publishes the result; or several and writes them into one file. */
export async function compute(
  context: Context,
  [reference, ...expressions]: string[],
  options: ComputeOptions,
): Promise<void> {
  const { out, publish: publishAs, priority } = options;
  if (out !== undefined && publishAs !== undefined)
    throw usageError('--out and --publish exclude each other');
  const save = saveOptions(options);
  const kind = out === undefined ? undefined : outKind(options);
  if (expressions.length > 1 && kind !== 'saved')
    throw usageError('several expressions are written into one file; add --out FILE, or compute one of them');
  await checkOut(options);
  const client = await context.client();
  const { signal } = context;
  const dataset = await openNamed(client, reference, signal);
  if (kind === 'saved') {
    const arrays = expressions.map((text) => {
      const { name, expression } = namedExpression(text);
      return { name, array: dataset.expression(expression) };
    });
    const saved = await withProgress((onProgress) =>
      client.save(out!, arrays, { ...save, signal, onProgress, priority }),
    );
    printSaved(context, out!, saved);
    return;
  }
  await computeOne(context, dataset, expressions[0], { ...options, kind });
}

async function computeOne(
  context: Context,
  dataset: Named,
  expression: string,
  options: ComputeOptions & { kind: 'json' | 'picture' | undefined },
): Promise<void> {
  const { signal } = context;
  const { publish: publishAs, priority } = options;
  const array = dataset.expression(expression);
  if (publishAs !== undefined) {
    const client = await context.client();
    const published = await withProgress((onProgress) =>
      client.publish(publishAs, array, { signal, onProgress, priority }),
    );
    context.print(published, () => publishedText(published));
    return;
  }
  if (options.kind === 'picture') {
    assertPlain(options);
    const { drawExpression } = await import('./plot.ts');
    await drawExpression(context, dataset, expression, options.out!, {
      overwrite: options.overwrite ?? false,
      priority,
    });
    return;
  }
  await printArray(context, options, () =>
    withProgress((onProgress) => array.compute({ signal, onProgress, priority })),
  );
}

/** Computes an array and prints it, or writes it as JSON. */
export async function printArray(
  context: Context,
  flags: OutFlags,
  compute: () => Promise<ComputedArray>,
): Promise<void> {
  const { out, overwrite = false } = flags;
  if (out === undefined) {
    const array = await compute();
    context.print(context.json ? jsonArray(array) : undefined, () => arrayText(array));
    return;
  }
  assertPlain(flags);
  const { signal } = context;
  const written = await writeFileWhole(out, { overwrite, signal }, async (write) => {
    const array = await compute();
    await write(jsonText(array));
    return array;
  });
  const { dtype, units, dimensions, shape, missing, nan } = written;
  context.print({ out, dtype, units, dimensions, shape, missing, nan }, () => `wrote ${out}`);
}

/** Prints what was written: of one variable as of one array. */
export function printSaved(context: Context, out: string, { format, variables }: SavedResults): void {
  const { name: _, ...only } = variables[0];
  const written = variables.length === 1 ? only : { variables };
  context.print({ out, format, ...written }, () => `wrote ${out}`);
}

import type { ComputedArray } from '@hyperslab/client';
import type { Context } from '../context.ts';
import { usageError } from '../context.ts';
import { arrayText } from '../output/array-text.ts';
import { checkOut } from '../output/check-out.ts';
import { jsonArray } from '../output/json-array.ts';
import { withProgress } from '../output/progress.ts';
import { outputFormat, writeArray } from '../output/write-array.ts';
import { publishedText } from './publish.ts';

/** Options of `hyperslab compute`. */
export interface ComputeOptions {
  out?: string;
  publish?: string;
}

/** Computes an expression and prints, writes or publishes the result. */
export async function compute(
  context: Context,
  [reference, expression]: string[],
  options: ComputeOptions,
): Promise<void> {
  const { out, publish: publishAs } = options;
  if (out !== undefined && publishAs !== undefined)
    throw usageError('--out and --publish exclude each other');
  if (out !== undefined) {
    outputFormat(out);
    await checkOut(out);
  }
  const client = await context.client();
  const { signal } = context;
  const dataset = await client.open(reference, { signal });
  const array = dataset.expression(expression);
  if (publishAs !== undefined) {
    const published = await withProgress((onProgress) =>
      client.publish(publishAs, array, { signal, onProgress }),
    );
    context.print(published, () => publishedText(published));
    return;
  }
  await printArray(context, out, await withProgress((onProgress) => array.compute({ signal, onProgress })));
}

/** Prints a computed array, or writes it to a file. */
export async function printArray(
  context: Context,
  out: string | undefined,
  array: ComputedArray,
): Promise<void> {
  if (out === undefined) {
    context.print(context.json ? jsonArray(array) : undefined, () => arrayText(array));
    return;
  }
  await writeArray(out, array);
  const { dtype, units, dimensions, shape, missing, nan } = array;
  context.print({ out, dtype, units, dimensions, shape, missing, nan }, () => `wrote ${out}`);
}

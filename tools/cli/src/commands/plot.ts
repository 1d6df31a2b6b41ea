import { extname } from 'node:path';
import { datasetReferences, parseExpression } from '@hyperslab/expression';
import type { Context } from '../context.ts';
import { usageError } from '../context.ts';
import { isPersisted, type Named, openNamed } from '../open-named.ts';
import { withProgress } from '../output/progress.ts';
import { writeFileWhole } from '../output/write-file.ts';
import { drawArray } from '../picture/draw-array.ts';

/** Computes an expression and draws it. */
export async function plot(
  context: Context,
  [reference, expression]: string[],
  { out }: { out: string },
): Promise<void> {
  imageFormat(out);
  const client = await context.client();
  const dataset = await openNamed(client, reference, context.signal);
  await drawExpression(context, dataset, expression, out, { replace: true });
}

/** Computes an expression and draws it into a file. */
export async function drawExpression(
  context: Context,
  dataset: Named,
  expression: string,
  out: string,
  options: { replace: boolean },
): Promise<void> {
  const format = imageFormat(out);
  const client = await context.client();
  const { signal } = context;
  const array = await withProgress((onProgress) =>
    dataset.expression(expression).compute({ signal, onProgress }),
  );
  const references = datasetReferences(parseExpression(expression), dataset.reference);
  const published = references.filter((each) => !isPersisted(each));
  const datasets = await Promise.all(published.map((each) => client.open(each, { signal })));
  const metadata = datasets.map((each) => each.metadata);
  const { kind, bytes } = await drawArray(array, metadata, format);
  await writeFileWhole(out, [bytes], options);
  context.print({ out, kind, bytes: bytes.length }, () => `drew a ${kind} into ${out}`);
}

function imageFormat(path: string): 'png' | 'svg' {
  const ending = extname(path).toLowerCase();
  if (ending === '.png') return 'png';
  if (ending === '.svg') return 'svg';
  throw usageError(`--out ${path}: expected a name that ends with .png or .svg`);
}

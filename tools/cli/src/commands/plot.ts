import { extname } from 'node:path';
import type { Priority } from '@hyperslab/client';
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
  { out, priority }: { out: string; priority?: Priority },
): Promise<void> {
  imageFormat(out);
  const client = await context.client();
  const dataset = await openNamed(client, reference, context.signal);
  await drawExpression(context, dataset, expression, out, { overwrite: true, priority });
}

/** Computes an expression and draws it into a file, at a path or an s3: URL. */
export async function drawExpression(
  context: Context,
  dataset: Named,
  expression: string,
  out: string,
  { overwrite, priority }: { overwrite: boolean; priority?: Priority },
): Promise<void> {
  const format = imageFormat(out);
  const client = await context.client();
  const { signal } = context;
  const { kind, bytes } = await writeFileWhole(out, { overwrite, signal }, async (write) => {
    const array = await withProgress((onProgress) =>
      dataset.expression(expression).compute({ signal, onProgress, priority }),
    );
    const references = datasetReferences(parseExpression(expression), dataset.reference);
    const published = references.filter((each) => !isPersisted(each));
    const datasets = await Promise.all(published.map((each) => client.open(each, { signal })));
    const metadata = datasets.map((each) => each.metadata);
    const picture = await drawArray(array, metadata, format);
    await write([picture.bytes]);
    return picture;
  });
  context.print({ out, kind, bytes: bytes.length }, () => `drew a ${kind} into ${out}`);
}

function imageFormat(path: string): 'png' | 'svg' {
  const ending = extname(path).toLowerCase();
  if (ending === '.png') return 'png';
  if (ending === '.svg') return 'svg';
  throw usageError(`--out ${path}: expected a name that ends with .png or .svg`);
}

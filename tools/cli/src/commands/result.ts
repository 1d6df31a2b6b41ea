import { type Context, usageError } from '../context.ts';
import { checkOut, type OutFlags, outKind, saveOptions } from '../output/out-option.ts';
import { withProgress } from '../output/progress.ts';
import { printArray, printSaved } from './compute.ts';

/** Reads a persisted result. */
export async function result(context: Context, [jobId]: string[], flags: OutFlags): Promise<void> {
  const { out } = flags;
  const save = saveOptions(flags);
  const kind = out === undefined ? undefined : outKind(flags);
  if (kind === 'picture') throw usageError(`--out ${out}: a picture is drawn of an expression; use plot`);
  await checkOut(flags);
  const persisted = (await context.client()).persisted(jobId);
  const { signal } = context;
  if (kind === 'saved') {
    const saved = await withProgress((onProgress) => persisted.save(out!, { ...save, signal, onProgress }));
    printSaved(context, out!, saved);
    return;
  }
  await printArray(context, flags, () =>
    withProgress((onProgress) => persisted.compute({ signal, onProgress })),
  );
}

import { absoluteUrl } from '@hyperslab/client';
import { createOutputFile, type OutputOptions } from '@hyperslab/storage';

/** Appends parts of a file, in order. */
export type WriteParts = (parts: Iterable<string | Uint8Array>) => Promise<void>;

/**
 * Begins a file at a path or an s3: URL, so that one that can't be is refused before anything is computed for it, and has it
 * written; it is there whole or not at all. Throws as `createOutputFile` does, and what the writer throws.
 */
export async function writeFileWhole<T>(
  target: string,
  options: OutputOptions,
  writer: (write: WriteParts) => Promise<T>,
): Promise<T> {
  const file = await createOutputFile(absoluteUrl(target), options);
  let at = 0;
  try {
    const written = await writer(async (parts) => {
      for (const part of parts) {
        const bytes = typeof part === 'string' ? new TextEncoder().encode(part) : part;
        await file.write(bytes, at);
        at += bytes.length;
      }
    });
    await file.commit(at);
    return written;
  } catch (error) {
    await file.discard();
    throw error;
  }
}

import { createAtomicFile } from '@hyperslab/storage/file';

/** Writes a file from its parts, in order; it is there whole or not at all. */
export async function writeFileWhole(
  path: string,
  parts: Iterable<string | Uint8Array>,
  { replace }: { replace: boolean },
): Promise<void> {
  const file = await createAtomicFile(path, { replace });
  let at = 0;
  try {
    for (const part of parts) {
      const bytes = typeof part === 'string' ? new TextEncoder().encode(part) : part;
      await file.write(bytes, at);
      at += bytes.length;
    }
    await file.commit(at);
  } catch (error) {
    await file.discard();
    throw error;
  }
}

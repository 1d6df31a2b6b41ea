import { createHash } from 'node:crypto';
import type { JournalEntry } from '@hyperslab/proto/backup';
import { CatalogEvent } from '@hyperslab/proto/catalog';
import { Dataset, type ManifestRef } from '@hyperslab/proto/cube';

/** A manifest object and its reference. */
export function sampleManifest(content: string): { bytes: Buffer; ref: ManifestRef } {
  const bytes = Buffer.from(content);
  return { bytes, ref: { sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length } };
}

/** An entry of the catalog's journal that publishes something. */
export function published(sequence: number, name = 'run', manifest?: ManifestRef): JournalEntry {
  const value = Dataset.fromPartial({ name, version: sequence, title: `version ${sequence}`, manifest });
  return {
    event: {
      $case: 'catalog',
      value: CatalogEvent.fromPartial({
        sequence,
        time: new Date(1_700_000_000_000 + sequence),
        caller: 'tester',
        requestId: `request-${sequence}`,
        change: { $case: 'published', value },
      }),
    },
  };
}

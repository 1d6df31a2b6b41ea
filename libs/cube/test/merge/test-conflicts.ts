import assert from 'node:assert/strict';
import { type HyperslabError, isHyperslabError } from '@hyperslab/errors';
import type { MergeOptions } from '@hyperslab/proto/merge';
import type { FileSketch } from '../build-index.ts';
import { merge, mergeWith, shapes } from './merge-sketches.ts';

/** Files that do not fit, what is said of them, and whether the option that is named resolves it. */
export interface Conflict {
  what: string;
  files: FileSketch[];
  /** Options with which the conflict is met. */
  options?: Partial<MergeOptions>;
  message: string;
  details: Record<string, string | undefined>;
  /** The option as the message names it, and as the merge takes it; none where the files must be published apart. */
  resolved: { option: string; by?: Partial<MergeOptions>; shapes: Record<string, string> }[];
}

/** A test of each: what is said, and that the option which is named does resolve it. */
export function testConflicts(conflicts: readonly Conflict[]): void {
  for (const { what, files, options, message, details, resolved } of conflicts) {
    it(`of ${what} names the files, both values and an option that resolves it`, async () => {
      const error = await conflictOf(files, options);
      assert.ok(error.message.includes(message), error.message);
      assert.doesNotMatch(error.message, /\n/);
      const found = Object.keys(details).map((key) => [key, error.details[key]]);
      assert.deepEqual(Object.fromEntries(found), details);
      for (const { option, by, shapes: expected } of resolved) {
        assert.ok(error.message.includes(option), `${option} in ${error.message}`);
        assert.deepEqual(shapes((await mergeWith(by ?? {}, ...files)).dataset), expected);
      }
      // What can always be done: each under a name of its own.
      for (const file of files) await merge(file);
    });
  }
}

async function conflictOf(files: FileSketch[], options: Partial<MergeOptions> = {}): Promise<HyperslabError> {
  try {
    await mergeWith(options, ...files);
  } catch (error) {
    assert.ok(isHyperslabError(error, 'MERGE_CONFLICT'), String(error));
    return error;
  }
  assert.fail('expected a conflict');
}

import { randomBytes } from 'node:crypto';
import { FileIndexBatch, IndexPackFooter, type ListingRemarks } from '@hyperslab/proto/index';
import { ScratchFile } from '../tasks/scratch-file.ts';
import type { TaskEnvironment } from '../tasks/task-environment.ts';
import { nameOfIndex } from './index-name.ts';
import { encodeFooter, encodeFrame } from './index-pack.ts';

/** Batches that are compressed at once, beside the merge. */
const mostWaiting = 2;

/**
 * Keeps the indexes that a publish made, in one pack, for whoever publishes the same objects again. It is done beside the merge,
 * and what goes wrong with it is no failure of the publish.
 */
export class IndexKeeper {
  readonly #environment: Pick<TaskEnvironment, 'objects' | 'maker'>;
  readonly #remarks: ListingRemarks;
  readonly #signal: AbortSignal;
  readonly #file: ScratchFile;
  readonly #footer = IndexPackFooter.create();
  readonly #names: Buffer[] = [];
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  #failed = false;
  #finished: Promise<void> | undefined;

  constructor(
    { objects, maker, scratch }: Pick<TaskEnvironment, 'objects' | 'maker' | 'scratch'>,
    remarks: ListingRemarks,
    signal: AbortSignal,
  ) {
    this.#environment = { objects, maker };
    this.#remarks = remarks;
    this.#signal = signal;
    this.#file = new ScratchFile(scratch);
  }

  /** Takes what is worth keeping of a batch, which `bytes` encode. They must not change. Waits while too much is waiting. */
  async take(batch: FileIndexBatch, bytes: Uint8Array): Promise<void> {
    const { maker, files, worthKeeping, toRepack } = batch;
    const chosen = [...worthKeeping, ...toRepack].map((position) => files[position]);
    if (this.#remarks.keepUnder === '' || chosen.length === 0 || maker !== this.#environment.maker) return;
    const whole = chosen.length === files.length && toRepack.length === 0;
    const encoded = whole ? bytes : FileIndexBatch.encode({ ...emptyBatch, files: chosen, maker }).finish();
    const names = (whole ? files : chosen).map((file) => nameOfIndex(file)!);
    const frame = encodeFrame(encoded);
    this.#waiting++;
    this.#last = this.#last.then(async () => {
      try {
        const compressed = await frame;
        this.#file.write(compressed);
        this.#footer.frames.push(compressed.length);
        this.#footer.counts.push(names.length);
        this.#names.push(...names);
      } catch {
        this.#failed = true;
      }
      this.#waiting--;
    });
    if (this.#waiting > mostWaiting) await this.#last;
  }

  /**
   * Puts the pack, then deletes those that it replaces, if all batches were taken (`isWhole`): of others, what these have is not in
   * it. The first call counts. Never throws.
   */
  finish(isWhole: boolean): Promise<void> {
    this.#finished ??= this.#put(isWhole).catch(() => undefined);
    return this.#finished;
  }

  async #put(isWhole: boolean): Promise<void> {
    const { keepUnder, replaced } = this.#remarks;
    const { objects } = this.#environment;
    try {
      await this.#last;
      if (this.#failed || this.#signal.aborted || keepUnder === '') return;
      if (this.#footer.frames.length > 0) {
        this.#file.write(await encodeFooter({ ...this.#footer, names: Buffer.concat(this.#names) }));
        const time = Date.now().toString(36).padStart(9, '0');
        const key = `${keepUnder}/${time}-${randomBytes(4).toString('hex')}`;
        await objects.put(key, this.#file.content(), this.#signal);
      }
      if (isWhole) await Promise.all(replaced.map((key) => objects.delete(key, this.#signal)));
    } finally {
      this.#file.close();
    }
  }
}

const emptyBatch = FileIndexBatch.create();

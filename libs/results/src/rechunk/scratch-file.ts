import { type NamelessFile, openNamelessFile } from '@hyperslab/storage/file';

/** Where bytes of a scratch file lie. */
export interface ScratchRun {
  offset: number;
  length: number;
}

/** Bytes that are put aside, one after the other. The file is opened with the first of them. */
export class ScratchFile {
  readonly #beside: string;
  #file: NamelessFile | undefined;
  #end = 0;

  /** @param beside the file that is being written: what it has room for, its disk has room for */
  constructor(beside: string) {
    this.#beside = beside;
  }

  /** Appends bytes. Throws DISK_FULL. */
  async append(bytes: Uint8Array): Promise<ScratchRun> {
    this.#file ??= await openNamelessFile(this.#beside);
    const run = { offset: this.#end, length: bytes.length };
    this.#end += bytes.length;
    await this.#file.write(bytes, run.offset);
    return run;
  }

  /** Reads what was appended. */
  async read({ offset, length }: ScratchRun): Promise<Uint8Array> {
    return this.#file!.read(offset, length);
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}

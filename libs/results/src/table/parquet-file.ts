import type { OutputFile } from '@hyperslab/storage';
import { ByteWriter } from 'hyparquet-writer';

/** The bytes of one row group in memory, which go to the file when it is whole. */
export class ParquetFile extends ByteWriter {
  readonly #file: OutputFile;

  constructor(file: OutputFile) {
    super();
    this.#file = file;
  }

  /** Called by the library after each row group. */
  async flush(): Promise<void> {
    const bytes = this.getBytes();
    const position = this.offset - bytes.length;
    await this.#file.write(bytes, position);
    this.index = 0;
  }

  /** Called by the library when all is said. */
  override async finish(): Promise<void> {
    await this.flush();
    await this.#file.commit(this.offset);
  }
}

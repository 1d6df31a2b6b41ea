import type { ExportedDocument, Snapshot, VerifyResponse } from '@hyperslab/proto/backup';
import { call, openStream } from '@hyperslab/rpc/calls';
import type { CallOptions } from './catalog-calls.ts';
import type { Connection } from './connection.ts';

/** Reading back all of a journal takes as long as it takes. */
const verifyDeadlineMs = 3_600_000;

/** What an operator asks of metadata-backup. */
export class BackupClient {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Writes all that is known into one object. */
  async takeSnapshot({ signal }: CallOptions = {}): Promise<Snapshot> {
    return call(this.#connection.backup, 'takeSnapshot', {}, { ...this.#connection.repeatable(signal) });
  }

  /** Snapshots, newest first. */
  async snapshots({ signal }: CallOptions = {}): Promise<Snapshot[]> {
    const answer = await call(
      this.#connection.backup,
      'listSnapshots',
      {},
      this.#connection.repeatable(signal),
    );
    return answer.snapshots;
  }

  /** Reads a snapshot, or without an id the journal, back and checks every checksum and manifest. */
  async verify(snapshotId = '', { signal }: CallOptions = {}): Promise<VerifyResponse> {
    return call(this.#connection.backup, 'verify', { snapshotId }, { signal, deadlineMs: verifyDeadlineMs });
  }

  /** Puts manifests that the object store lost back into it; answers how many. */
  async restoreObjects({ signal }: CallOptions = {}): Promise<number> {
    const options = { signal, deadlineMs: verifyDeadlineMs };
    return (await call(this.#connection.backup, 'restoreObjects', {}, options)).restored;
  }

  /** The datasets as Markdown that a person can read. */
  export({ signal }: CallOptions = {}): AsyncGenerator<ExportedDocument> {
    return openStream(this.#connection.backup, 'export', {}, { signal });
  }
}

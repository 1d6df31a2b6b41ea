import { ChunkServiceClient } from '@hyperslab/proto/worker';
import { connect } from '@hyperslab/rpc';

/** Connections to as many workers are kept; to fetch from more of them is dialling again. */
const most = 64;

/** Clients of workers by address. */
export class WorkerClients {
  readonly #clients = new Map<string, ChunkServiceClient>();

  at(address: string): ChunkServiceClient {
    const known = this.#clients.get(address);
    if (known !== undefined) return known;
    for (const [oldest, client] of this.#clients) {
      if (this.#clients.size < most) break;
      this.#clients.delete(oldest);
      client.close();
    }
    const client = connect(ChunkServiceClient, address);
    this.#clients.set(address, client);
    return client;
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }
}

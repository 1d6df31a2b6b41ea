import type { ChunkServiceClient } from '@hyperslab/proto/worker';
import { connect } from '@hyperslab/rpc';
import { chunkServiceClient, type Traffic } from '@hyperslab/rpc/values';

/** Connections to as many peers are kept. */
const most = 64;

/** Clients of other workers, by address. */
export class Peers {
  readonly #clients = new Map<string, ChunkServiceClient>();
  readonly #PeerClient: ReturnType<typeof chunkServiceClient>;

  /** What they send is counted in `traffic`. */
  constructor(traffic: Traffic) {
    this.#PeerClient = chunkServiceClient(traffic);
  }

  at(address: string): ChunkServiceClient {
    const known = this.#clients.get(address);
    if (known !== undefined) return known;
    for (const [oldest, client] of this.#clients) {
      if (this.#clients.size < most) break;
      this.#clients.delete(oldest);
      client.close();
    }
    const client = connect(this.#PeerClient, address, { caller: 'worker-pool' });
    this.#clients.set(address, client);
    return client;
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }
}

import type { ChunkServiceClient } from '@hyperslab/proto/worker';
import { connect } from '@hyperslab/rpc';
import { chunkServiceClient, type Traffic } from '@hyperslab/rpc/values';
import type { BlockKey } from './block-key.ts';
import { BusyTime } from './busy-time.ts';
import { type FetchOptions, fetchFromPeer, type MadeBlock } from './fetch-from-peer.ts';

/** Connections to as many peers are kept, if no more are in use. */
const usualMost = 64;

interface Peer {
  client: ChunkServiceClient;
  /** Blocks that are on their way from it. */
  fetches: number;
}

/** Other workers, and what comes from them. */
export class Peers {
  /** By address, the one that was not used for longest first. */
  readonly #peers = new Map<string, Peer>();
  readonly #most: number;
  readonly #PeerClient: ReturnType<typeof chunkServiceClient>;
  readonly #receiving = new BusyTime();

  /** What they send is counted in `traffic`. */
  constructor(traffic: Traffic, most = usualMost) {
    this.#PeerClient = chunkServiceClient(traffic);
    this.#most = most;
  }

  /** How long blocks have been on their way from others, seconds; several at once count once. */
  get receivingSeconds(): number {
    return this.#receiving.seconds;
  }

  /** The bytes of a block that the peer at an address holds, as `fetchFromPeer` answers and throws. */
  async fetch(
    address: string,
    key: BlockKey,
    signal: AbortSignal,
    options?: FetchOptions,
  ): Promise<MadeBlock> {
    using _ = this.#receiving.begin();
    const peer = this.#at(address);
    peer.fetches++;
    try {
      return await fetchFromPeer(peer.client, key, signal, options);
    } finally {
      peer.fetches--;
    }
  }

  #at(address: string): Peer {
    const peer = this.#peers.get(address) ?? this.#dial(address);
    this.#peers.delete(address);
    this.#peers.set(address, peer);
    return peer;
  }

  /** Makes room for one more. Those that blocks come from stay: a peer that is silent meanwhile must be asked whether it is there. */
  #dial(address: string): Peer {
    for (const [other, { client, fetches }] of this.#peers) {
      if (this.#peers.size < this.#most) break;
      if (fetches > 0) continue;
      this.#peers.delete(other);
      client.close();
    }
    return { client: connect(this.#PeerClient, address, { caller: 'worker-pool' }), fetches: 0 };
  }

  close(): void {
    for (const { client } of this.#peers.values()) client.close();
    this.#peers.clear();
  }
}

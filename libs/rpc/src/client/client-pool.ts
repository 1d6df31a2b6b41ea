import type { Client } from '@grpc/grpc-js';
import { type ClientConstructor, connect } from './connect.ts';

/** Clients of a service at several addresses that come and go. */
export class ClientPool<C extends Client> {
  readonly #service: ClientConstructor<C>;
  readonly #addresses: () => readonly string[];
  readonly #options: { caller?: string };
  readonly #clients = new Map<string, C>();
  #turn = 0;

  /** @param addresses host:port of each, as they are now */
  constructor(
    service: ClientConstructor<C>,
    addresses: () => readonly string[],
    options: { caller?: string } = {},
  ) {
    this.#service = service;
    this.#addresses = addresses;
    this.#options = options;
  }

  /** How many there are now. */
  get size(): number {
    return this.#addresses().length;
  }

  /** The next one in turn; undefined while there is none. */
  next(): C | undefined {
    const addresses = this.#addresses();
    this.#letGo(addresses);
    return addresses.length === 0 ? undefined : this.#clientOf(addresses[this.#turn++ % addresses.length]);
  }

  /** All that there are now, if they are no more than so many; else none. */
  all(most: number): C[] {
    const addresses = this.#addresses();
    this.#letGo(addresses);
    return addresses.length > most ? [] : addresses.map((address) => this.#clientOf(address));
  }

  /** The one at an address, whose turn it was then; undefined when it is none of them. */
  at(address: string): C | undefined {
    const index = this.#addresses().indexOf(address);
    if (index < 0) return undefined;
    this.#turn = index + 1;
    return this.#clientOf(address);
  }

  close(): void {
    this.#letGo([]);
  }

  #clientOf(address: string): C {
    const present = this.#clients.get(address);
    if (present !== undefined) return present;
    const client = connect(this.#service, address, this.#options);
    this.#clients.set(address, client);
    return client;
  }

  /** Closes those that are no longer listed; calls that they have begun go on. */
  #letGo(listed: readonly string[]): void {
    for (const [address, client] of this.#clients) {
      if (listed.includes(address)) continue;
      client.close();
      this.#clients.delete(address);
    }
  }
}

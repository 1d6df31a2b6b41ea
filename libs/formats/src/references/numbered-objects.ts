import { HyperslabError } from '@hyperslab/errors';
import type { OtherObjects } from '@hyperslab/proto/index';
import type { ObjectVersion } from '@hyperslab/storage';
import { HeldBytes } from '../held-bytes.ts';
import type { StoredKey } from '../zarr/key-store.ts';

/** Nothing is known of the state of an object that only references tell of. */
export const unknownVersion: ObjectVersion = { size: 0, etag: '', modifiedUs: 0 };

/** URL of the object that the index itself is, for bytes that lie in no other (OtherObjects.held). */
export const heldUrl = 'index:';

/** All stand in the index, and in memory. */
const mostHeldBytes = 256 * 1024 * 1024;

/** Objects by URL and state, each numbered once, and the bytes that lie in none. */
export class NumberedObjects {
  readonly #numbers = new Map<string, number>();
  readonly #objects: { url: string; version: ObjectVersion }[] = [];
  readonly #held = new HeldBytes();
  readonly #url: string;

  /** `url` is what refers to the objects, for messages. */
  constructor(url: string) {
    this.#url = url;
  }

  /** Number of an object, plus one. */
  number(url: string, version: ObjectVersion): number {
    const { size, etag, modifiedUs, unmodifiedSinceUs } = version;
    const key =
      version === unknownVersion ? url : `${url}\n${size} ${etag} ${modifiedUs} ${unmodifiedSinceUs}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#objects.push({ url, version });
      this.#numbers.set(key, number);
    }
    return number;
  }

  at(number: number): { url: string; version: ObjectVersion } {
    return this.#objects[number - 1];
  }

  /** Throws TOO_LARGE when an index can't hold as many. */
  hold(bytes: Uint8Array): StoredKey {
    const all = this.#held.length + bytes.length;
    if (all > mostHeldBytes) throw tooManyBytes(this.#url, all);
    const object = this.number(heldUrl, unknownVersion);
    return { object, offset: this.#held.add(bytes), length: bytes.length };
  }

  heldPart(offset: number, length: number): Uint8Array {
    return this.#held.part(offset, length);
  }

  others(): OtherObjects | undefined {
    if (this.#objects.length === 0) return undefined;
    return {
      urls: this.#objects.map(({ url }) => url),
      versions: this.#objects.map(({ version }) => version),
      held: this.#held.all(),
    };
  }
}

function tooManyBytes(url: string, found: number): HyperslabError {
  return new HyperslabError(
    'TOO_LARGE',
    `${url}: expected at most ${mostHeldBytes} bytes in references themselves, found ${found} and maybe more; write them to objects of their own`,
    { url, bytes: String(found) },
  );
}

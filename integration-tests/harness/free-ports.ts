import { isFree } from '@hyperslab/testing';

/** Every port that a mesh listens on with offset 0, besides its further workers'. */
const meshPorts = [7401, 7402, 7403, 7404, 8401, 8402, 8403, 8404, 8080, 8787];

/** An offset at which all ports of a mesh are free. Test files run one after the other; other users of the machine do not. */
export async function freePortOffset(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    // Below the range from which the system gives out ports for outgoing connections (Linux: from 32768).
    const offset = 2000 + Math.floor(Math.random() * 21_000);
    const free = await Promise.all(meshPorts.map((port) => isFree(port + offset)));
    if (free.every(Boolean)) return offset;
  }
  throw new Error('found no port offset at which a mesh could listen');
}

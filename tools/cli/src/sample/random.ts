/** Random numbers that are the same on every machine for the same seed. */
export interface RandomStream {
  /** Evenly from [0, 1). */
  uniform(): number;
  /** Around 0 with standard deviation 1, between -2.45 and 2.45: the sum of two even numbers, which is near enough to a bell. */
  bell(): number;
  /** The same for each element: several times faster than asking for one at a time. */
  fillBell(target: Float32Array): void;
}

const bellScale = Math.sqrt(6) / 65536;

/** A stream for a list of whole numbers: another stream for any other list. Marsaglia's xorshift with 32 bits. */
export function randomStream(...seed: number[]): RandomStream {
  let state = 0x9e3779b9;
  for (const part of seed) state = mix(state ^ part);
  // The one state that xorshift never leaves.
  if (state === 0) state = 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  };
  return {
    uniform: () => (next() >>> 0) / 2 ** 32,
    bell() {
      const bits = next();
      return ((bits & 0xffff) + (bits >>> 16) - 65535) * bellScale;
    },
    fillBell(target) {
      let bits = state;
      for (let i = 0; i < target.length; i++) {
        bits ^= bits << 13;
        bits ^= bits >>> 17;
        bits ^= bits << 5;
        target[i] = ((bits & 0xffff) + (bits >>> 16) - 65535) * bellScale;
      }
      state = bits;
    },
  };
}

/** Spreads each bit over all (the finaliser of MurmurHash3). */
function mix(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

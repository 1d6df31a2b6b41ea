import type { Earth } from '@hyperslab/codecs';
import type { ByteCursor } from '../../byte-cursor.ts';

/** Semi-axes of the shapes of code table 3.2 that need no numbers, metres. */
const shapes: Record<number, Earth> = {
  0: { major: 6367470, minor: 6367470 },
  2: { major: 6378160, minor: 6356775 },
  4: { major: 6378137, minor: 6356752.314 },
  5: { major: 6378137, minor: 6356752.3142 },
  6: { major: 6371229, minor: 6371229 },
  8: { major: 6371200, minor: 6371200 },
  9: { major: 6377563.396, minor: 6356256.909 },
  10: { major: 6378137, minor: 6356752.3142 },
};

/** Reads the shape of the earth: 16 octets that begin most templates of section 3. A shape without a size is a sphere of 6371229 m. */
export function readEarth(cursor: ByteCursor): Earth {
  const shape = cursor.uint8();
  const radius = readLength(cursor);
  const major = readLength(cursor);
  const minor = readLength(cursor);
  if (shape === 1 && radius > 0) return { major: radius, minor: radius };
  if (shape === 3 && major > 0 && minor > 0) return { major: major * 1000, minor: minor * 1000 };
  if (shape === 7 && major > 0 && minor > 0) return { major, minor };
  return shapes[shape] ?? shapes[6];
}

/** A scale factor and a value; both with all bits set are 0, which is no length. */
function readLength(cursor: ByteCursor): number {
  const factor = cursor.uint8();
  const value = cursor.uint32();
  return value === 0xffffffff ? 0 : value / 10 ** (factor === 255 ? 0 : factor);
}

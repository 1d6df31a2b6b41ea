import { open } from 'node:fs/promises';

const tags = { dimension: 10, variable: 11 };
const float = 5;

/** A netCDF file (CDF-5) with one variable "v" of zeros, of which only the header takes room on the disk. */
export async function writeSparseFile(path: string, shape: Record<string, number>): Promise<void> {
  const parts: Buffer[] = [Buffer.from('CDF\x05'), int64(0), int32(tags.dimension)];
  const sizes = Object.values(shape);
  parts.push(int64(sizes.length));
  for (const [name, size] of Object.entries(shape)) parts.push(text(name), int64(size));
  const noAttributes = [int32(0), int64(0)];
  parts.push(...noAttributes, int32(tags.variable), int64(1), text('v'), int64(sizes.length));
  for (const dimension of sizes.keys()) parts.push(int64(dimension));
  const bytes = sizes.reduce((product, size) => product * size, 4);
  const before = Buffer.concat(parts).length;
  const begin = before + Buffer.concat(noAttributes).length + 4 + 8 + 8;
  parts.push(...noAttributes, int32(float), int64(bytes), int64(begin));
  const file = await open(path, 'w');
  try {
    await file.write(Buffer.concat(parts));
    await file.truncate(begin + bytes);
  } finally {
    await file.close();
  }
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

/** A name: its length, its letters, and zeros up to a multiple of four. */
function text(name: string): Buffer {
  return Buffer.concat([int64(name.length), Buffer.from(name), Buffer.alloc((4 - (name.length % 4)) % 4)]);
}

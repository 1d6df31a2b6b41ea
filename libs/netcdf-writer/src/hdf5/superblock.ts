import { ByteWriter, undefinedAddress } from './byte-writer.ts';
import { lookup3 } from './lookup3.ts';

/** Bytes of the superblock. */
export const superblockSize = 48;

/** Superblock, version 2 (HDF5 File Format Specification, II.A): the first bytes of the file. */
export function superblock(endOfFile: number, rootGroup: number): Uint8Array {
  const bytes = new ByteWriter()
    .bytes(Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a))
    .u8(2)
    .u8(8)
    .u8(8)
    .u8(0)
    .u64(0)
    .u64(undefinedAddress)
    .u64(endOfFile)
    .u64(rootGroup);
  return bytes.u32(lookup3(bytes.toBytes())).toBytes();
}

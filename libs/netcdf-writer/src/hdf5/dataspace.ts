import { ByteWriter, undefinedAddress } from './byte-writer.ts';

const scalar = 0;
const simple = 1;
const empty = 2;

/** Dataspace message, version 2 (HDF5 File Format Specification, IV.A.2.b). */
export function dataspace(shape: readonly number[], unlimited: readonly boolean[] = []): Uint8Array {
  const grows = unlimited.includes(true);
  const message = new ByteWriter()
    .u8(2)
    .u8(shape.length)
    .u8(grows ? 1 : 0)
    .u8(shape.length === 0 ? scalar : simple);
  for (const extent of shape) message.u64(extent);
  // "Unlimited" is all ones, as is an undefined address.
  if (grows)
    for (const [axis, extent] of shape.entries()) message.u64(unlimited[axis] ? undefinedAddress : extent);
  return message.toBytes();
}

/** Dataspace without any element, as netCDF writes empty attributes. */
export function emptyDataspace(): Uint8Array {
  return new ByteWriter().u8(2).u8(0).u8(0).u8(empty).toBytes();
}

import { elementCount, itemSize, type NumericValues } from '@hyperslab/array';
import { type AtomicFile, createAtomicFile } from '@hyperslab/storage/file';
import { checkDefinition } from '../check-definition.ts';
import type { Netcdf4Definition } from '../definition.ts';
import { invalidDefinition } from '../invalid-definition.ts';
import { bigEndian } from './byte-order.ts';
import { type ClassicPlace, classicHeader } from './classic-header.ts';
import { type ClassicVersion, needsCdf5 } from './classic-types.ts';

/** Lengths of CDF-2 are of 32 bits: of a dimension signed, of a variable up to four bytes less than 4 GiB. */
const longestDimension = 2 ** 31 - 1;
const largestVariable = 2 ** 32 - 4;

/** A classic file that is being written. */
export interface ClassicWriter {
  /** Of the format: 2 where that holds what is to be written, else 5. */
  readonly version: ClassicVersion;
  /** Writes values of a variable from an element on, in row-major order. Each element must be written once. */
  write(variable: string, firstElement: number, values: NumericValues): Promise<void>;
  /** Completes the file, which discards it when it fails. `withoutFill` as for netCDF-4. */
  close(options?: { withoutFill?: ReadonlySet<string> }): Promise<void>;
  /** Discards what was written, unless it is closed. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a netCDF classic file: of 64-bit offsets, or CDF-5 when a type or a length needs that. Chunks of the definition say
 * nothing here; values that come with it are written at once.
 * @throws HyperslabError INVALID_ARGUMENT when the classic model does not have it; DISK_FULL, ACCESS_DENIED
 */
export async function createNetcdfClassic(
  target: string | AtomicFile,
  definition: Netcdf4Definition,
): Promise<ClassicWriter> {
  checkDefinition(definition);
  checkClassic(definition);
  const version = versionFor(definition);
  const { places, end } = placesOf(definition, version);
  const written = new Map(definition.variables.map(({ name }) => [name, 0]));
  const file = typeof target === 'string' ? await createAtomicFile(target) : target;
  let isClosed = false;

  const writer: ClassicWriter = {
    version,
    async write(name, firstElement, values) {
      const variable = definition.variables.find((each) => each.name === name);
      const place = places.get(name);
      if (isClosed || variable === undefined || place === undefined)
        throw invalidDefinition(`variable "${name}": is not in the file, or the file is closed`);
      const width = itemSize(variable.dtype);
      const after = (firstElement + values.length) * width;
      if (after > place.size)
        throw invalidDefinition(`variable "${name}": values go ${after - place.size} bytes past its end`);
      written.set(name, written.get(name)! + values.length);
      await file.write(bigEndian(values, width), place.begin + firstElement * width);
    },
    async close({ withoutFill = new Set<string>() } = {}) {
      isClosed = true;
      try {
        assertWhole(definition, written);
        await file.write(classicHeader(withoutFillOf(definition, withoutFill), version, places), 0);
        await file.commit(end);
      } catch (error) {
        await file.discard();
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      if (isClosed) return;
      isClosed = true;
      await file.discard();
    },
  };
  try {
    for (const { name, values } of definition.variables)
      if (values !== undefined) await writer.write(name, 0, values as NumericValues);
  } catch (error) {
    await writer[Symbol.asyncDispose]();
    throw error;
  }
  return writer;
}

function checkClassic({ dimensions, variables }: Netcdf4Definition): void {
  for (const { name, length, unlimited } of dimensions)
    if (length === 0 || unlimited)
      throw invalidDefinition(
        `dimension "${name}": is ${unlimited ? 'unlimited' : 'empty'}, which is not written in netCDF classic; write netCDF-4`,
      );
  for (const { name, dtype } of variables)
    if (dtype === 'string')
      throw invalidDefinition(`variable "${name}": netCDF classic has no strings; give it as char`);
}

function versionFor(definition: Netcdf4Definition): ClassicVersion {
  const { dimensions, attributes, variables } = definition;
  const types = [...attributes, ...variables, ...variables.flatMap((variable) => variable.attributes)];
  const isLong = dimensions.some(({ length }) => length > longestDimension);
  const isLarge = variables.some((variable) => bytesOfVariable(definition, variable.name) > largestVariable);
  return isLong || isLarge || types.some(({ dtype }) => needsCdf5(dtype)) ? 5 : 2;
}

function placesOf(definition: Netcdf4Definition, version: ClassicVersion) {
  let end = Math.ceil(classicHeader(definition, version, new Map()).length / 4) * 4;
  const places = new Map<string, ClassicPlace>();
  for (const { name } of definition.variables) {
    const size = Math.ceil(bytesOfVariable(definition, name) / 4) * 4;
    places.set(name, { begin: end, size });
    end += size;
  }
  return { places, end };
}

function bytesOfVariable({ dimensions, variables }: Netcdf4Definition, name: string): number {
  const variable = variables.find((each) => each.name === name)!;
  const lengths = new Map(dimensions.map((dimension) => [dimension.name, dimension.length]));
  return elementCount(variable.dimensions.map((own) => lengths.get(own)!)) * itemSize(variable.dtype);
}

/** There are no fill values here for what was never written. */
function assertWhole(definition: Netcdf4Definition, written: ReadonlyMap<string, number>): void {
  for (const { name, dtype } of definition.variables) {
    const expected = bytesOfVariable(definition, name) / itemSize(dtype);
    if (written.get(name) !== expected)
      throw invalidDefinition(`variable "${name}": expected ${expected} values, got ${written.get(name)}`);
  }
}

function withoutFillOf(definition: Netcdf4Definition, names: ReadonlySet<string>): Netcdf4Definition {
  const variables = definition.variables.map((variable) =>
    names.has(variable.name)
      ? { ...variable, attributes: variable.attributes.filter(({ name }) => name !== '_FillValue') }
      : variable,
  );
  return { ...definition, variables };
}

export { type ClassicWriter, createNetcdfClassic } from './classic/create-classic.ts';
export { createNetcdf4, type Netcdf4Writer } from './create-netcdf4.ts';
export type {
  ChunkStorage,
  DimensionDefinition,
  Netcdf4Definition,
  Values,
  VariableDefinition,
} from './definition.ts';
export { shuffle } from './encode-chunk.ts';

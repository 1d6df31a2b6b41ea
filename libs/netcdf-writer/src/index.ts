export { createNetcdf4, type Netcdf4Writer } from './create-netcdf4.ts';
export type {
  ChunkStorage,
  DimensionDefinition,
  Netcdf4Definition,
  Values,
  VariableDefinition,
} from './definition.ts';

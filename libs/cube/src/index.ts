export { type AggregateOptions, type Aggregation, aggregate } from './aggregate.ts';
export { type ReadStored, indexCoordinates } from './coordinate-values.ts';
export { openManifest, type Manifest } from './manifest/open-manifest.ts';

export {
  type Compression,
  compressions,
  formatOf,
  type ResultFormat,
  resultEndings,
  resultFormats,
} from './formats.ts';
export type { Result, ResultBox, ResultCoordinate, ResultHead } from './result.ts';
export type { NamedResult, SavedResults, SavedVariable, SaveOptions } from './save-options.ts';
export { saveResults } from './save-results.ts';
export { isoTimes } from './table/iso-times.ts';
export { type PlainValue, plainValues, valueReader } from './table/plain-values.ts';

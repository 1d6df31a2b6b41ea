export {
  appendRun,
  cellCount,
  cellOf,
  cellSpan,
  gridCell,
  gridShape,
  type RunLengths,
  regularRuns,
  runsExtent,
} from './chunk-grid.ts';
export { copyRegion, type Region } from './copy-region.ts';
export {
  allocateValues,
  type BigIntArray,
  type DataType,
  isBigInt,
  isFixedWidth,
  isFloat,
  isNumeric,
  itemSize,
  type NumberArray,
  type NumericType,
  type NumericValues,
  viewValues,
} from './data-type.ts';
export { defaultFill } from './default-fill.ts';
export { giveBack } from './give-back.ts';
export {
  decodeArray,
  decodeValues,
  type EncodedArray,
  encodeArray,
  encodeValues,
  type MaskedArray,
  zeros,
} from './masked-array.ts';
export {
  assertWithin,
  clipRange,
  composeRanges,
  type IndexRange,
  lastIndex,
  wholeRange,
  wholeSelection,
} from './selection.ts';
export { elementCount, ravel, rowMajorStrides, unravel } from './shape.ts';

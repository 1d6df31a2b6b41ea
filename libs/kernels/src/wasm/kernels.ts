/*
 * What `gen/kernels.wasm` exports: the kernels of `assembly`. Places are offsets in the arena, in bytes; a mask of 0 is none. Nothing is checked:
 * who calls a kernel knows that its regions are as long as the count says.
 */

export type Float = 'float32' | 'float64';
type Short = 'int8' | 'uint8' | 'int16' | 'uint16';
type Integer = Short | 'int32' | 'uint32';
/** All types but the integers of 64 bits. */
export type NumberType = Integer | Float;

type Unshuffle = (from: number, stride: number, count: number, to: number) => void;
type CopyRows = (
  from: number,
  fromStep: number,
  to: number,
  toStep: number,
  bytes: number,
  rows: number,
) => void;
type Sum = (x: number, count: number, sums: number) => number;
type MaskedSum = (x: number, mask: number, count: number, sums: number) => number;
type SpreadCount = (x: number, mask: number, count: number, cells: number) => void;
type CountNan = (x: number, mask: number, count: number) => number;
type Extreme = (x: number, mask: number, count: number, extremes: number) => number;
type SpreadSquares = (x: number, mask: number, count: number, squares: number, means: number) => void;
type GatherSquares = (x: number, mask: number, count: number, cell: number, mean: number) => void;
type SpreadMoments = (
  x: number,
  mask: number,
  count: number,
  merged: number,
  means: number,
  squares: number,
  nan: number,
  missing: number,
) => void;
type MergeMoments = (
  total: number,
  fromMissing: number,
  fromNan: number,
  fromMeans: number,
  fromSquares: number,
  count: number,
  missing: number,
  nan: number,
  merged: number,
  means: number,
  squares: number,
) => void;
type DivideByCount = (
  x: number,
  total: number,
  missing: number,
  nan: number,
  ddof: number,
  root: number,
  output: number,
  count: number,
) => void;
type GatherWeighted = (x: number, mask: number, w: number, count: number, sums: number) => number;
type WindowSum = (x: number, windows: number, length: number, sums: number) => number;
type GatherWeightedRows = (x: number, rows: number, length: number, factors: number, sums: number) => number;
type Scale = (x: number, count: number, factor: number, offset: number, output: number) => void;
type Select = (
  truth: number,
  yes: number,
  yesStep: number,
  no: number,
  noStep: number,
  output: number,
  count: number,
) => void;
type Chain = (
  steps: number,
  stepCount: number,
  operands: number,
  operandCount: number,
  rows: number,
  length: number,
) => void;
type Mark = (x: number, value: number, mask: number, count: number) => number;
type Unary = (x: number, output: number, count: number) => void;
type Binary = (x: number, xStep: number, y: number, yStep: number, output: number, count: number) => void;

export type UnaryName = 'root' | 'negate' | 'absolute';
export type ArithmeticName = 'add' | 'subtract' | 'multiply' | 'divide';
export type ExtremeName = 'minimum' | 'maximum';
export type TestName = 'less' | 'lessOrEqual' | 'greater' | 'greaterOrEqual' | 'equal' | 'unequal';

export type Kernels = Record<'unshuffle2' | 'unshuffle4' | 'unshuffle8', Unshuffle> &
  Record<`spreadSum_${Float}` | `gatherSum_${Float}`, Sum> &
  Record<`spreadSumMasked_${Float}` | `gatherSumMasked_${Float}`, MaskedSum> &
  Record<'clear', (at: number, bytes: number) => void> &
  Record<'copyRows', CopyRows> &
  Record<'uniteMasks', (other: number, mask: number, count: number) => void> &
  Record<'spreadMissing', (mask: number, count: number, missing: number) => void> &
  Record<'countMissing', (mask: number, count: number) => number> &
  Record<`spreadNan_${Float}`, SpreadCount> &
  Record<`countNan_${Float}`, CountNan> &
  Record<`${'spread' | 'gather'}${'Min' | 'Max'}_${NumberType}`, Extreme> &
  Record<`spreadSquares_${Float}`, SpreadSquares> &
  Record<`gatherSquares_${Float}`, GatherSquares> &
  Record<`windowSum_${Float}`, WindowSum> &
  Record<`gatherWeighted_${Float}`, GatherWeighted> &
  Record<`gatherWeightedRows_${Float}`, GatherWeightedRows> &
  Record<`spreadMoments_${Float}`, SpreadMoments> &
  Record<'mergeMoments', MergeMoments> &
  Record<`divideByCount_${Float}`, DivideByCount> &
  Record<'anyUncounted', (total: number, missing: number, nan: number, count: number) => number> &
  Record<`scale_${Short}_float32` | `scale_${Integer}_float64`, Scale> &
  Record<`mark${'Equal' | 'Less' | 'Greater'}_${NumberType}`, Mark> &
  Record<`markNan_${Float}`, (x: number, mask: number, count: number) => number> &
  Record<'select1' | 'select2' | 'select4' | 'select8', Select> &
  Record<`chain_${Float}`, Chain> &
  Record<`${UnaryName}_${Float}`, Unary> &
  Record<`${ArithmeticName | ExtremeName | TestName}_${Float}`, Binary>;

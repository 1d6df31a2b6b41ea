import { elementCount, type NumericValues, rowMajorStrides } from '@hyperslab/array';
import type { Allocator } from '../allocator.ts';
import { joinAxes, type Strides, walkAxes } from '../reductions/walk-lines.ts';
import type { Float } from './kernels.ts';
import { readySimd, type Simd } from './simd.ts';

/** Operations as `assembly/arithmetic.ts` numbers them. */
const operations: Readonly<Record<string, number>> = {
  '+': 0,
  '-': 1,
  '*': 2,
  '/': 3,
  sqrt: 4,
  negate: 5,
  abs: 6,
  minimum: 7,
  maximum: 8,
};

/** A function of two values, or of one twice: an operand's number, or the complement of an earlier step's. */
export interface ChainStep {
  name: string;
  x: number;
  y: number;
}

/** An operand of a chain: its values, and how far apart neighbours along each dimension of the result are; 0 where they are repeated. */
export interface ChainOperand {
  values: NumericValues;
  strides: Strides;
}

const [programSlot, registerSlot, valueSlot] = [0, 1, 2];
/** Registers that lay apart by a power of two would push each other out of the cache. */
const registerBytes = 4096 + 128;
const mostRegisters = 15;
/** Numbers of int32 for each. */
const [operandNumbers, stepNumbers] = [8, 4];
const mostOperands = 256;

/** Longest chain that can be computed. */
const mostSteps = 64;

/** Whether a function can be a step of a chain. */
export function isChainStep(name: string): boolean {
  return Object.hasOwn(operations, name);
}

/** Whether chains of so many elements may be computed at once: shorter ones are as fast one by one. */
export function areChained(count: number): boolean {
  return readySimd(count) !== undefined;
}

/**
 * Computes a chain of functions of floating point, block by block, with the bits of computing them one by one; the last step is the result. Undefined, and
 * nothing done, where there is no kernel for it: without vectors, for short rows, or where memory is not in the arena.
 */
export function runChain(
  dtype: Float,
  operands: readonly ChainOperand[],
  steps: readonly ChainStep[],
  shape: readonly number[],
  memory: Allocator,
): NumericValues | undefined {
  const strides = [rowMajorStrides(shape), ...operands.map((operand) => operand.strides)];
  const axes = joinAxes(shape, strides);
  const inner = axes.pop();
  const row = axes.pop() ?? { length: 1, steps: strides.map(() => 0) };
  const simd = readySimd(inner?.length ?? 0);
  const registers = registersOf(steps);
  if (simd === undefined || inner === undefined || inner.steps.some((step) => step > 1)) return undefined;
  if (registers === undefined || operands.length > mostOperands) return undefined;
  const output = memory.array(dtype, elementCount(shape));
  const places = [output, ...operands.map(({ values }) => values)].map((values, i) =>
    placeOf(simd, dtype, values, i, memory),
  );
  if (!places.every((place) => place !== undefined)) return undefined;
  const { stage, kernels } = simd;
  const width = output.BYTES_PER_ELEMENT;
  const program = stage.view(programSlot, 'int32', 4096) as Int32Array;
  const table = program.subarray(stepNumbers * mostSteps);
  places.forEach((_, i) => {
    const isRow = inner.steps[i] === 1;
    table.set([0, row.steps[i] * width, isRow ? width : 0, isRow ? 16 : 0], i * operandNumbers);
  });
  const count = placeRegisters(stage.slot(registerSlot), table, places.length, registers);
  writeSteps(program, steps, registers, places.length);
  const at = strides.map(() => 0);
  walkAxes(axes, 0, at, () => {
    places.forEach((place, i) => {
      table[i * operandNumbers] = place + at[i] * width;
    });
    const run = kernels[`chain_${dtype}`];
    run(program.byteOffset, steps.length, table.byteOffset, count, row.length, inner.length);
  });
  return output;
}

/** Where values lie in the arena, or were copied to; undefined where that has no room. The first is only written. */
function placeOf(
  { arena, stage }: Simd,
  dtype: Float,
  values: NumericValues,
  which: number,
  memory: Allocator,
): number | undefined {
  if (arena.holds(values)) return values.byteOffset;
  if (which === 0) return undefined;
  if (values.length === 1) {
    const single = stage.view(valueSlot, dtype, which + 1);
    single[which] = values[0];
    return single.byteOffset + which * values.BYTES_PER_ELEMENT;
  }
  const copy = memory.array(dtype, values.length);
  if (!arena.holds(copy)) return undefined;
  copyBytes.call(bytesOf(values), bytesOf(copy));
  return copy.byteOffset;
}

/** The register that each step but the last writes, used again when nobody needs it any more; undefined where there are too few. */
function registersOf(steps: readonly ChainStep[]): number[] | undefined {
  if (steps.length > mostSteps) return undefined;
  const lastUse = steps.map(() => 0);
  steps.forEach(({ x, y }, i) => {
    for (const value of [x, y]) if (value < 0) lastUse[~value] = i;
  });
  const free = Array.from({ length: mostRegisters }, (_, i) => mostRegisters - 1 - i);
  const registers: number[] = [];
  for (const [i, { x, y }] of steps.entries()) {
    for (const value of new Set([x, y])) if (value < 0 && lastUse[~value] === i) free.push(registers[~value]);
    const register = free.pop();
    if (register === undefined) return undefined;
    registers.push(register);
  }
  return registers;
}

/** Makes operands of the registers, behind the others; answers how many operands there are. */
function placeRegisters(
  slot: number,
  table: Int32Array,
  first: number,
  registers: readonly number[],
): number {
  const count = 1 + Math.max(...registers);
  for (let register = 0; register < count; register++)
    table.set([slot + register * registerBytes, 0, 0, 16], (first + register) * operandNumbers);
  return first + count;
}

function writeSteps(
  program: Int32Array,
  steps: readonly ChainStep[],
  registers: readonly number[],
  firstRegister: number,
): void {
  const numberOf = (value: number) => (value < 0 ? firstRegister + registers[~value] : value + 1);
  steps.forEach(({ name, x, y }, i) => {
    const output = i === steps.length - 1 ? 0 : firstRegister + registers[i];
    program.set([operations[name], numberOf(x), numberOf(y), output], i * stepNumbers);
  });
}

/** Buffer's copy moves bytes of shared memory as fast as others. */
const copyBytes = Buffer.prototype.copy;

function bytesOf({ buffer, byteOffset, byteLength }: NumericValues): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

import { isBigInt } from '@hyperslab/array';
import type { Attribute } from '@hyperslab/proto/array';
import { type DapType, dapTypeOf } from './dap-type.ts';

/** An attribute as DAP2 has it. */
export interface DapAttribute {
  name: string;
  type: DapType;
  values: readonly (string | number)[];
}

/** Attributes of a file in DAP2's types. 64-bit integers are Float64 where that is exact, else text. */
export function dapAttributes(attributes: readonly Attribute[]): DapAttribute[] {
  return attributes.flatMap(({ name, dtype, strings, numbers, integers }): DapAttribute[] => {
    const type = dapTypeOf(dtype);
    if (type === undefined) return [];
    if (type === 'String') return [{ name, type, values: strings }];
    if (!isBigInt(dtype)) return numbers.length > 0 ? [{ name, type, values: numbers }] : [];
    if (integers.length === 0) return [];
    const exact = integers.every((text) => BigInt(Number(text)) === BigInt(text));
    return exact
      ? [{ name, type, values: integers.map(Number) }]
      : [{ name, type: 'String', values: integers }];
  });
}

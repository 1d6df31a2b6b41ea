import { isBigInt, type MaskedArray, type NumberArray } from '@hyperslab/array';
import { decodeMoment, parseTimeUnits, type TimeComponent, timeComponent } from '@hyperslab/cube';
import type { Allocator } from '@hyperslab/kernels';
import type { BlockRule } from '../block-rule.ts';

export interface TimePartParameters {
  /** A component of `libs/cube`. */
  part: string;
  /** Units and calendar of the times. */
  units: string;
  calendar: string;
}

/** Each element by itself; missing where there is no date. */
export const timePartRule: BlockRule<TimePartParameters> = {
  byElement: true,
  along: () => [],
  needs: (_parameters, _node, _inputs, box) => [{ input: 0, box }],
  compute({ part, units, calendar }, _node, { shape }, [times], memory): MaskedArray {
    const time = parseTimeUnits(units, calendar)!;
    const isWide = isBigInt(times.dtype);
    const count = times.values.length;
    const values = memory.array('int32', count) as Int32Array;
    const mask = maskOf(times, memory);
    let isMasked = times.mask !== undefined;
    for (let i = 0; i < count; i++) {
      const number = isWide ? Number(times.values[i]) : (times.values as NumberArray)[i];
      const moment = mask[i] === 0 ? decodeMoment(number, time) : undefined;
      if (moment !== undefined) values[i] = timeComponent(part as TimeComponent, moment, time.calendar);
      else {
        values[i] = 0;
        mask[i] = 1;
        isMasked = true;
      }
    }
    return { dtype: 'int32', shape: [...shape], values, mask: isMasked ? mask : undefined };
  },
};

function maskOf({ mask, values }: MaskedArray, memory: Allocator): Uint8Array {
  const copy = memory.zeros('uint8', values.length) as Uint8Array;
  if (mask !== undefined) copy.set(mask);
  return copy;
}

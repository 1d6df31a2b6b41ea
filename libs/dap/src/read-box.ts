import { boxConstraint, type DapBox, dataRequest } from './constraint.ts';
import { dapCorrupt, dapDiffers } from './dap-error.ts';
import type { DapProtocol } from './dap-url.ts';
import { decodeDods } from './dap2/decode-dods.ts';
import { decodeDap } from './dap4/decode-dap.ts';
import type { DapValues } from './data-set.ts';

/** A variable as a request and its answer name it. */
export interface AskedVariable {
  id: string;
  type: string;
}

/**
 * Suffix and query of the request for a box of a variable. All of it is asked for by its name: xpublish, which sends along what has
 * the beginning of a name as its name, can't cut that.
 */
export function boxRequest(
  protocol: DapProtocol,
  { id, shape }: AskedVariable & { shape: readonly number[] },
  box: DapBox,
): string {
  const isWhole = box.shape.every((extent, axis) => extent === shape[axis]);
  return dataRequest(protocol, [isWhole ? id : boxConstraint(id, box)]);
}

/** Values of an answer, in its order, verified by length and, where there are any, checksums. Throws as `decodeDods` and `decodeDap` do. */
export function decodeAnswer(protocol: DapProtocol, url: string, answer: Uint8Array): DapValues[] {
  return protocol === 'dap2' ? decodeDods(url, answer) : decodeDap(url, answer);
}

/**
 * The values of one variable out of an answer: it must be there by its name, with the type and the shape that were asked for. A
 * grid that was asked for by its array's name, or by its own, may come as either. Throws FORMAT_CORRUPT.
 */
export function valuesOf(
  url: string,
  values: readonly DapValues[],
  { id, type }: AskedVariable,
  shape: readonly number[],
): DapValues {
  const path = id.replaceAll(/\\(.)/g, '$1');
  const last = path.slice(path.lastIndexOf('.') + 1);
  const found =
    values.find((each) => each.path === path) ??
    // Asked for with its escapes escaped once more, it is answered without that.
    values.find((each) => each.path === path.replaceAll('%25', '%')) ??
    values.find((each) => each.path === `${path}.${last}` || `${each.path}.${each.path}` === path);
  if (found === undefined) {
    const names = values.map((each) => `"${each.path}"`).join(', ');
    throw dapCorrupt(url, `values of "${path}"`, names === '' ? 'none' : `those of ${names.slice(0, 200)}`);
  }
  if (found.type !== type) throw dapDiffers(url, `values of "${path}" of type ${type}`, found.type);
  if (found.shape.join() !== shape.join()) {
    throw dapDiffers(url, `"${path}" with the shape [${shape.join(', ')}]`, `[${found.shape.join(', ')}]`);
  }
  return found;
}

import { type DataType, decodeValues, isBigInt, itemSize, unravel } from '@hyperslab/array';
import type { Part, Projection } from '../constraint/project.ts';
import type { ValueRun } from '../values/open-values.ts';
import { numberText } from './number-text.ts';
import { quoted } from './quoted.ts';
import type { OpenPart } from './xdr-body.ts';
import { exactNumber } from './xdr-numbers.ts';

/** Values as text, in the form of the THREDDS server: name and extents, then a line for each row behind its index. */
export async function* asciiBody(projections: readonly Projection[], open: OpenPart): AsyncGenerator<string> {
  yield '---------------------------------------------\n';
  for (const projection of projections) {
    for (const { part, name } of namedParts(projection)) {
      yield `${name}${part.ranges.map(({ count }) => `[${count}]`).join('')}\n`;
      yield* rows(part, open(part));
      yield '\n';
    }
  }
}

function namedParts(projection: Projection): { part: Part; name: string }[] {
  if (projection.kind === 'array') return [{ part: projection.array, name: projection.array.declaration.id }];
  const [owner, parts] =
    projection.kind === 'grid'
      ? [projection.array.declaration.id, [projection.array, ...projection.maps]]
      : [projection.id, projection.parts];
  return parts.map((part) => ({ part, name: `${owner}.${part.declaration.id}` }));
}

async function* rows({ declaration, ranges }: Part, runs: AsyncIterable<ValueRun>): AsyncGenerator<string> {
  const shape = ranges.map(({ count }) => count);
  const rowLength = shape.at(-1) ?? 1;
  const outer = shape.slice(0, -1);
  let at = 0;
  for await (const run of runs) {
    let text = '';
    for (const value of valueTexts(run, declaration)) {
      const inRow = at % rowLength;
      if (inRow > 0) text += ', ';
      else if (outer.length > 0)
        text += `${unravel(at / rowLength, outer)
          .map((index) => `[${index}]`)
          .join('')}, `;
      text += value;
      if (inRow === rowLength - 1) text += '\n';
      at++;
    }
    yield text;
  }
}

function* valueTexts(run: ValueRun, { dtype, type, missing }: Part['declaration']): Generator<string> {
  if (run.kind === 'texts') {
    for (const text of run.texts) yield quoted(text);
    return;
  }
  const readAs: DataType = type === 'Byte' ? 'uint8' : dtype;
  for (const value of decodeValues(readAs, run.bytes, run.bytes.length / itemSize(readAs)))
    yield numberText(isBigInt(dtype) ? exactNumber(value as bigint, missing) : (value as number), type);
}

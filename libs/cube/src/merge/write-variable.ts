import { regularRuns } from '@hyperslab/array';
import type { Variable } from '@hyperslab/proto/cube';
import { arrayBlock } from '../array-block.ts';
import { packingAttributes, packingKey } from '../cf/packing.ts';
import { assembleValues, inlineSize } from './assemble-values.ts';
import type { ContentTable } from './content-table.ts';
import { embedValues } from './embed-values.ts';
import { isInIndex } from './embedded-pieces.ts';
import { type LocateContext, locatePieces, packingInto } from './locate-pieces.ts';
import type { MergedPiece, MergedVariable } from './merged-variable.ts';

/**
 * A merged variable as the dataset has it: its values inline, or in the manifest. `notHeld` says why texts that are not
 * inline, which a manifest can't refer to, are only described.
 */
export function writeVariable(
  merged: MergedVariable,
  names: { name: string; dimensions: string[] },
  { inline, notHeld }: { inline: boolean; notHeld: string },
  context: LocateContext,
): Variable {
  const shape = merged.dimensions.map(({ size }) => size);
  const notComputable = merged.pieces.find(({ variable }) => variable.notComputable !== '')?.variable
    .notComputable;
  const variable: Variable = {
    ...names,
    dtype: merged.dtype,
    shape,
    attributes: merged.attributes,
    chunkGrid: [],
    storedDtype: '',
    notComputable: notComputable ?? '',
  };
  if (notComputable !== undefined) return variable;
  const known = inlineSize(merged, context.contents) !== undefined;
  if (merged.dtype === 'string' && !inline) return { ...variable, notComputable: notHeld };
  setStorage(variable, merged, context.contents, known);
  if (known) {
    const values = assembleValues(merged, context.contents);
    if (inline) {
      variable.chunkGrid = shape.map((extent) => regularRuns(extent, Math.max(1, extent)));
      variable.data = { $case: 'inlineValues', value: arrayBlock(values) };
    } else embedValues(variable, values, context.builder);
  } else locatePieces(variable, merged, context);
  return variable;
}

/** Says how values are stored where all pieces are of one type, packed alike, and not unpacked here (`known`). */
function setStorage(
  variable: Variable,
  merged: MergedVariable,
  contents: ContentTable,
  known: boolean,
): void {
  const { pieces, dtype } = merged;
  // Equal values that files store in several ways are kept in one of them.
  const formOf = (piece: MergedPiece) => (isInIndex(piece) ? contents.get(piece.content) : piece);
  const first = formOf(pieces[0]);
  const stored = first.variable.dtype;
  const packing = packingInto(first.packing, dtype);
  const key = packingKey(packing);
  const alike = pieces.every((piece) => {
    const form = formOf(piece);
    return (
      form.variable.dtype === stored &&
      (form.packing === first.packing || packingKey(packingInto(form.packing, dtype)) === key) &&
      contents.convertedType(piece.content) === undefined
    );
  });
  const scaled = packing.scaleFactor !== undefined || packing.addOffset !== undefined;
  // Values are put together here: none that is stored stands for "missing" in a file that lacks the variable.
  const filled = known && pieces.some(({ absent }) => absent);
  if (alike && !filled && !(known && (scaled || dtype !== stored))) {
    variable.storedDtype = stored;
    variable.packing = packing;
  } else variable.attributes = variable.attributes.filter(({ name }) => !packingAttributes.has(name));
}

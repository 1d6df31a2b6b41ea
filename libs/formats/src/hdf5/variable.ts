import type { Attribute } from '@hyperslab/proto/array';
import type { IndexedVariable } from '@hyperslab/proto/index';
import type { Dataset } from './dataset.ts';
import type { Datatype } from './datatype.ts';
import { type ElementType, elementTypeOf, isNumberElement } from './element-type.ts';
import { readExternal } from './external-files.ts';
import { readInlineStrings, tooManyStrings, whyNotInline } from './inline-strings.ts';
import type { MetadataFile } from './metadata-file.ts';
import { readNumbers } from './numbers.ts';
import { chunkRows, readVariableStorage, type VariableStorage, whyNotReadable } from './variable-storage.ts';
import { readVirtual } from './virtual/read-virtual.ts';

/** The lengths of chunks before filters have 32 bits (HDF5 User's Guide, "Chunking"). */
const mostChunkBytes = 2 ** 32 - 1;

/** What a convention above HDF5 says of a dataset. */
interface VariableView {
  name: string;
  /** Absolute names. */
  dimensions: string[];
  /** Lengths of these dimensions. */
  shape: number[];
  attributes: Attribute[];
}

/** A dataset as a variable of an index: described, and its chunks located where its values can be computed. */
export async function indexVariable(
  file: MetadataFile,
  dataset: Dataset,
  view: VariableView,
): Promise<IndexedVariable> {
  const element = elementTypeOf(dataset.type);
  const variable: IndexedVariable = {
    ...view,
    dtype: element.dtype,
    ...fillOf(file, dataset, element),
    notComputable: '',
    contentSha256: '',
  };
  const reason =
    whyNotReadable(dataset, element) || element.reason || whyTooLarge(file, dataset, element, view.shape);
  if (reason !== '') return { ...variable, notComputable: reason };
  const elsewhere = await storageElsewhere(file, dataset, element, variable);
  if (typeof elsewhere === 'string') return { ...variable, notComputable: elsewhere };
  if (elsewhere !== undefined) return { ...variable, ...elsewhere };
  if (element.dtype === 'string') return { ...variable, ...(await stringsOf(file, dataset, view.shape)) };
  return { ...variable, ...(await readVariableStorage(file, dataset, element, view.shape)) };
}

/** Where the values lie of a dataset that has none in its own place; why they can't be had, as text. */
async function storageElsewhere(
  file: MetadataFile,
  { layout, external }: Dataset,
  element: ElementType,
  variable: IndexedVariable,
): Promise<VariableStorage | string | undefined> {
  if (layout.kind === 'virtual') return readVirtual(file, layout, element, variable);
  return external === undefined ? undefined : readExternal(file, external, element, variable.shape);
}

function whyTooLarge(
  file: MetadataFile,
  dataset: Dataset,
  element: ElementType,
  shape: readonly number[],
): string {
  const bytes = shape.reduce((product, extent) => product * extent, element.width);
  if (bytes > Number.MAX_SAFE_INTEGER) return 'it has more than 2^53 bytes';
  if (element.dtype === 'string' && element.innerShape.length > 0) return 'an element is an array of strings';
  const { layout } = dataset;
  if (layout.kind === 'chunked') {
    const chunkBytes = layout.chunkShape.reduce((product, extent) => product * extent, dataset.type.size);
    if (chunkBytes > mostChunkBytes) return `its chunks of ${chunkBytes} bytes are larger than HDF5 allows`;
  }
  if (layout.kind === 'virtual') return '';
  const rows = chunkRows(dataset, element, shape);
  return file.claimChunkRows(rows) ? '' : `its grid of ${rows} chunks is too large for an index`;
}

async function stringsOf(
  file: MetadataFile,
  dataset: Dataset,
  shape: readonly number[],
): Promise<Partial<IndexedVariable>> {
  const type = dataset.type as Datatype & { class: 'string' | 'vlen' };
  const reason = whyNotInline(dataset, shape);
  if (reason !== '') return { notComputable: reason };
  const inlineValues = await readInlineStrings(file, dataset, type, shape);
  return inlineValues === undefined ? { notComputable: tooManyStrings(dataset, shape) } : { inlineValues };
}

/** The fill value, which is zero where the file states no other, and none where it says that there is none. */
function fillOf(file: MetadataFile, dataset: Dataset, element: ElementType): Partial<IndexedVariable> {
  const { fill } = dataset;
  if (!isNumberElement(element) && element.dtype !== 'char') return {};
  if (fill.kind === 'undefined') return {};
  const bytes = fill.kind === 'bytes' ? fill.bytes : new Uint8Array(element.width);
  if (bytes.length < element.width) return {};
  const { numbers, integers } = readNumbers(file.cursor(bytes, 0), element, 1);
  return integers.length > 0 ? { fillInteger: integers[0] } : { fillValue: numbers[0] };
}

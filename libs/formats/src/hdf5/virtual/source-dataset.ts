import { isHyperslabError } from '@hyperslab/errors';
import type { ChunkTable, IndexedVariable } from '@hyperslab/proto/index';
import { BlockReader } from '../block-reader.ts';
import { parseDataLayout } from '../data-layout.ts';
import { type Dataset, isDataset, readDataset } from '../dataset.ts';
import { elementTypeOf } from '../element-type.ts';
import { resolveSoftLink } from '../link-path.ts';
import type { MetadataFile } from '../metadata-file.ts';
import { messageTypes, readObjectHeader } from '../object-header.ts';
import { openMetadata } from '../open-metadata.ts';
import type { Unavailable } from '../other-files.ts';
import { findMessage } from '../shared-message.ts';
import { indexVariable } from '../variable.ts';

/** A dataset that a virtual one takes elements from. */
export interface SourceDataset {
  dataset: Dataset;
  /** Described and located as a variable of its own file. */
  variable: IndexedVariable;
  /** Number of the file that has its bytes among the index's other objects, plus one; 0 for the file of the virtual dataset. */
  object: number;
}

const headBytes = 16 * 1024;

/** A dataset by the names of a mapping, or why its values can't be had. Each is read once. */
export function readSource(
  file: MetadataFile,
  fileName: string,
  path: string,
): Promise<SourceDataset | Unavailable> {
  return file.once(`source ${JSON.stringify([fileName, path])}`, () => findSource(file, fileName, path));
}

async function findSource(
  file: MetadataFile,
  fileName: string,
  path: string,
): Promise<SourceDataset | Unavailable> {
  const what = `${path} of ${fileName}`;
  const other = fileName === '.' ? undefined : await file.others.find(fileName);
  if (other !== undefined && 'why' in other) return { ...other, why: `its source ${other.why}` };
  try {
    if (other === undefined) return await sourceIn(file, path, 0, what);
    const length = Math.min(other.version.size, headBytes);
    const [head] = await other.source.read([{ offset: 0, length }], { expect: other.version });
    const blocks = new BlockReader(other.source, other.version, head);
    const others = file.others.namedBy(other.source.url);
    try {
      const found = await openMetadata(blocks, others, file.others.sourceRows);
      return await sourceIn(found, path, other.object, what);
    } finally {
      blocks.close();
    }
  } catch (error) {
    // A source that is damaged concerns the variables that need it.
    if (
      other !== undefined &&
      (isHyperslabError(error, 'FORMAT_CORRUPT') || isHyperslabError(error, 'FORMAT_UNSUPPORTED'))
    ) {
      return unavailable(`${what} can not be read: ${error.message}`);
    }
    throw error;
  }
}

async function sourceIn(
  file: MetadataFile,
  path: string,
  object: number,
  what: string,
): Promise<SourceDataset | Unavailable> {
  const address = await resolveSoftLink(file, file.rootAddress, path);
  if (address === undefined) return { why: `its source ${what} is not there`, isMissing: true };
  const header = await readObjectHeader(file, address);
  if (!isDataset(header)) return unavailable(`${what} is no dataset`);
  // Before all else: a dataset that leads to itself would never be known.
  const layout = await findMessage(file, header, messageTypes.dataLayout);
  if (layout !== undefined && parseDataLayout(layout).kind === 'virtual') {
    return unavailable(`${what} is virtual too`);
  }
  const dataset = await readDataset(file, header, { name: path, path }, []);
  const { innerShape } = elementTypeOf(dataset.type);
  const shape = [...dataset.space.shape, ...innerShape];
  const variable = await indexVariable(file, dataset, { name: path, dimensions: [], shape, attributes: [] });
  if (variable.notComputable !== '')
    return unavailable(`${what} can not be computed: ${variable.notComputable}`);
  const { layout: stored, chunks } = variable;
  if (stored === undefined || chunks === undefined) return unavailable(`${what} is kept in the index`);
  if (!stored.edgeChunksPadded && !isOneRun(chunks)) return unavailable(`${what} lies in several places`);
  return { dataset, variable, object: chunks.objects?.numbers[0] || object };
}

/** Whether bytes that are in no chunks of their own follow one another in one file, be it an external one. */
function isOneRun({ offsets, lengths, objects }: ChunkTable): boolean {
  const numbers = objects?.numbers ?? [];
  return offsets.every(
    (offset, i) => i === 0 || (offset === offsets[i - 1] + lengths[i - 1] && numbers[i] === numbers[0]),
  );
}

function unavailable(why: string): Unavailable {
  return { why: `its source ${why}`, isMissing: false };
}

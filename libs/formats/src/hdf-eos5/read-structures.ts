import type { Dataset } from '../hdf5/dataset.ts';
import { readInlineStrings } from '../hdf5/inline-strings.ts';
import type { MetadataFile } from '../hdf5/metadata-file.ts';
import type { ObjectTree } from '../hdf5/object-tree.ts';
import { parseObjectDescription } from './object-description.ts';
import { type EosStructure, eosStructures } from './structures.ts';

// The library writes pieces of 32000 bytes.
const mostPieceBytes = 64 * 1024;

/** A structure with its group and the datasets of its fields, those that have another name for a field included. */
export interface EosGroup {
  structure: EosStructure;
  group: ObjectTree;
  /** Names of their dimensions. */
  datasets: Map<Dataset, string[]>;
}

/** What an HDF-EOS5 file says of its groups, in StructMetadata.0 and so on; nothing in other files. */
export async function readEosGroups(file: MetadataFile, root: ObjectTree): Promise<EosGroup[]> {
  const information = root.groups.find(({ name }) => name === 'HDFEOS INFORMATION');
  const pieces = (information?.datasets ?? [])
    .filter(({ name }) => /^StructMetadata\.\d+$/.test(name))
    .sort((a, b) => Number(a.name.split('.')[1]) - Number(b.name.split('.')[1]));
  let text = '';
  for (const piece of pieces) text += await readText(file, piece);
  if (text === '') return [];
  return eosStructures(parseObjectDescription(text)).flatMap((structure) => {
    const group = groupAt(root, structure.path);
    return group === undefined ? [] : [{ structure, group, datasets: fieldDatasets(structure, group) }];
  });
}

async function readText(file: MetadataFile, dataset: Dataset): Promise<string> {
  const { type, space } = dataset;
  const isText = type.class === 'string' && space.kind === 'scalar' && type.size <= mostPieceBytes;
  if (!isText || dataset.layout.kind === 'virtual' || dataset.external !== undefined) return '';
  const block = await readInlineStrings(file, dataset, type, []);
  return block === undefined ? '' : block.data.subarray(4).toString('utf8');
}

function groupAt(root: ObjectTree, path: string): ObjectTree | undefined {
  let group: ObjectTree | undefined = root;
  for (const name of path.split('/').slice(1)) group = group?.groups.find((child) => child.name === name);
  return group;
}

function fieldDatasets({ fields }: EosStructure, group: ObjectTree): Map<Dataset, string[]> {
  const all = group.groups.flatMap(({ datasets }) => datasets);
  const byAddress = new Map<number, string[]>();
  for (const { name, address } of all) {
    const dimensions = fields.get(name);
    if (dimensions !== undefined) byAddress.set(address, dimensions);
  }
  return new Map(
    all.flatMap((dataset): [Dataset, string[]][] => {
      const dimensions = byAddress.get(dataset.address);
      return dimensions === undefined ? [] : [[dataset, dimensions]];
    }),
  );
}

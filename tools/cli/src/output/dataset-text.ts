import { describeMergeOptions } from '@hyperslab/cube';
import type { Cube, Dataset } from '@hyperslab/proto/cube';
import { counted } from './counted.ts';
import { textTable } from './text-table.ts';

/** A dataset for a person: its head, and a line for each parameter. */
export function datasetText(dataset: Dataset): string {
  const { name, version, title, published, publisher, provenance } = dataset;
  const head = [
    name === '' ? 'not published' : `${name}@${version}`,
    title,
    published && `published ${published.toISOString()} by ${publisher || 'anonymous'}`,
    provenance && provenance.objects > 0 && `from ${counted(provenance.objects, 'object')}`,
    provenance?.expression && `computed as ${provenance.expression}`,
  ].filter(Boolean);
  const notes = [
    ...describeMergeOptions(provenance?.merge).map((line) => `merged with: ${line}`),
    ...(provenance?.notes.map((note) => `note: ${note}`) ?? []),
  ];
  return [head.join('\n'), cubeTable(dataset.cubes), ...(notes.length > 0 ? [notes.join('\n')] : [])].join(
    '\n\n',
  );
}

/** A line for each cube. */
function cubeTable(cubes: readonly Cube[]): string {
  const rows = cubes.map((cube) => [
    cube.name,
    cube.standardName || cube.longName || '-',
    cube.units || '-',
    cube.dtype,
    `(${cube.dimensions.map((dimension, axis) => `${dimension}: ${cube.shape[axis]}`).join('; ')})`,
  ]);
  return textTable(['parameter', 'standard or long name', 'units', 'type', 'dimensions'], rows);
}

import type { Dataset } from '@hyperslab/client';
import type { DatasetSummary } from '@hyperslab/proto/catalog';
import { describeCube } from './describe-parameter.ts';

/** A line of the list of datasets. */
export function describeSummary({ name, version, title, cubes, published, publisher }: DatasetSummary) {
  return { name, version, title, cubes, published: published?.toISOString() ?? '', publisher };
}

/** A dataset for the page: its head, and a line for each parameter. */
export function describeDataset(dataset: Dataset) {
  const { name, version, title, published, publisher, cubes, attributes } = dataset.metadata;
  return {
    name,
    version,
    reference: dataset.reference,
    title,
    published: published?.toISOString() ?? '',
    publisher,
    attributes: attributes.map(({ name, strings, numbers, integers }) => ({
      name,
      text: [...strings, ...numbers, ...integers].join(', '),
    })),
    parameters: cubes.map((cube) => describeCube(dataset, cube)),
  };
}

import type { Dataset } from '@hyperslab/client';
import type { DatasetSummary } from '@hyperslab/proto/catalog';
import { attributeText, describeCube } from './describe-parameter.ts';
import type { DatasetLine, DatasetView } from './messages.ts';

/** A line of the list of datasets. */
export function describeSummary({
  name,
  version,
  title,
  cubes,
  published,
  publisher,
}: DatasetSummary): DatasetLine {
  return { name, version, title, cubes, published: published?.toISOString() ?? '', publisher };
}

/** A dataset for the page: its head, and a line for each parameter. */
export function describeDataset(dataset: Dataset): DatasetView {
  const { name, version, title, published, publisher, cubes, attributes } = dataset.metadata;
  return {
    name,
    version,
    reference: dataset.reference,
    title,
    published: published?.toISOString() ?? '',
    publisher,
    attributes: attributes.map(attributeText),
    parameters: cubes.map((cube) => describeCube(dataset, cube)),
  };
}

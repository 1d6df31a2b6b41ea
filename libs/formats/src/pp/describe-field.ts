import type { Attribute } from '@hyperslab/proto/array';
import type { IndexedVariable } from '@hyperslab/proto/index';
import { numberAttribute, textAttribute } from './attributes.ts';
import type { PpGrid } from './grid.ts';
import { fieldDimensions } from './grid-group.ts';
import type { PpHeader } from './header.ts';
import { phenomenonOf } from './phenomenon.ts';
import { processingOf } from './processing.ts';
import type { FieldStorage } from './storage.ts';

/** What a field is, without where in time, level and ensemble it is. */
export interface FieldKind {
  /** Name of the group of its kind of level, STASH code and processing: what must be told apart when names are equal. */
  group: string;
  variable: IndexedVariable;
}

/** Describes a field by its header. `level` is its kind of level. */
export function describeField(
  header: PpHeader,
  level: string,
  { dtype, shape, notComputable }: FieldStorage,
  grid: PpGrid,
): FieldKind {
  const { name, attributes, stash } = phenomenonOf(header);
  const processing = processingOf(header);
  const mapping = grid.mapping && textAttribute('grid_mapping', grid.mapping.name);
  const places = grid.pole === undefined ? [] : ['latitude', 'longitude'];
  const coordinates = [...places, ...grid.sites.map((site) => site.name)].join(' ');
  return {
    group: [level, stash, processing.slug].filter((part) => part).join('_'),
    variable: {
      name,
      dtype,
      dimensions: fieldDimensions(grid),
      shape: [...shape],
      attributes: [
        ...attributes,
        ...processing.attributes,
        ...(mapping === undefined ? [] : [mapping]),
        ...(coordinates === '' ? [] : [textAttribute('coordinates', coordinates)]),
        ...missingAttributes(header, dtype),
      ],
      notComputable,
      contentSha256: '',
    },
  };
}

/** The words of a header that `describeField` looks at, as text. */
export function kindWords(header: PpHeader): string {
  const { lbuser4, lbuser7, lbfc, lbproc, lbcode, lbtim, bmdi } = header;
  return [lbuser4, lbuser7, lbfc, lbproc, lbcode, lbtim, bmdi].join(' ');
}

/** BMDI, if the type has such a number: it stands for missing values, packed or not. */
function missingAttributes({ bmdi }: PpHeader, dtype: FieldStorage['dtype']): Attribute[] {
  const isInteger = dtype.startsWith('int');
  if (isInteger && !(Number.isSafeInteger(bmdi) && (dtype === 'int64' || bmdi === (bmdi | 0)))) return [];
  return ['_FillValue', 'missing_value'].map((name) => numberAttribute(name, dtype, bmdi));
}

import { HyperslabError } from '@hyperslab/errors';
import { CoordinateRole, type Cube, Dataset } from '@hyperslab/proto/cube';
import { formatAttribute } from './format-attribute.ts';
import { formatCoordinateValues } from './format-values.ts';
import { describeMergeOptions } from './options/describe-merge-options.ts';

const fence = '```';
/** Marks the block that holds the exact values. */
const language = 'json hyperslab-dataset';

/**
 * A dataset as Markdown: tables that a person reads and, in a fenced block at the end, the message as protobuf JSON,
 * from which `parseDatasetMarkdown` gives back exactly this dataset.
 */
export function datasetMarkdown(dataset: Dataset): string {
  const { provenance, manifest } = dataset;
  return [
    `# ${cell(dataset.name || dataset.title || 'dataset')}`,
    '',
    ...(dataset.name === '' || dataset.title === '' ? [] : [cell(dataset.title), '']),
    ...table(
      ['', ''],
      [
        ['Version', dataset.version === 0 ? 'not published' : String(dataset.version)],
        ['Published', dataset.published?.toISOString() ?? ''],
        ['Publisher', dataset.publisher],
        ['Manifest', manifest === undefined ? '' : `\`${manifest.sha256}\` (${manifest.size} bytes)`],
        [
          'Objects',
          provenance === undefined ? '' : `${provenance.objects} (${provenance.objectBytes} bytes)`,
        ],
        ['Expression', provenance?.expression ? `\`${provenance.expression}\`` : ''],
        ['Sources', (provenance?.sources ?? []).slice(0, 10).join(', ')],
      ].filter(([, value]) => value !== ''),
    ),
    ...list('Merged with', describeMergeOptions(provenance?.merge)),
    ...list('Notes', provenance?.notes ?? []),
    '## Parameters',
    '',
    ...table(
      ['Name', 'Standard name', 'Units', 'Type', 'Dimensions', 'Time', 'Area'],
      dataset.cubes.map((cube) => [
        cube.name,
        cube.standardName || cube.longName,
        cube.units,
        cube.dtype,
        cube.dimensions.map((name, i) => `${name}: ${cube.shape[i]}`).join(', '),
        times(cube),
        area(cube),
      ]),
    ),
    '## Coordinates',
    '',
    ...table(['Name', 'Role', 'Dimensions', 'Units', 'Values'], coordinateRows(dataset)),
    ...(dataset.attributes.length === 0
      ? []
      : [
          '## Attributes',
          '',
          ...table(
            ['Name', 'Value'],
            dataset.attributes.map((attribute) => [attribute.name, formatAttribute(attribute)]),
          ),
        ]),
    '## Exact record',
    '',
    `${fence}${language}`,
    JSON.stringify(Dataset.toJSON(dataset), specialNumbersAsText, 1),
    fence,
    '',
  ].join('\n');
}

/** The dataset of a Markdown text that `datasetMarkdown` wrote. Throws FORMAT_CORRUPT when its record is not there or broken. */
export function parseDatasetMarkdown(text: string): Dataset {
  const start = text.lastIndexOf(`\n${fence}${language}\n`);
  const body = start < 0 ? -1 : start + `\n${fence}${language}\n`.length;
  const end = body < 0 ? -1 : text.indexOf(`\n${fence}`, body);
  if (end < 0) {
    throw new HyperslabError(
      'FORMAT_CORRUPT',
      `dataset Markdown: expected a block "${language}" at its end, found none; use the file as the backup wrote it`,
    );
  }
  try {
    const record = Dataset.fromJSON(JSON.parse(text.slice(body, end)));
    return Dataset.decode(Dataset.encode(record).finish());
  } catch (error) {
    throw new HyperslabError(
      'FORMAT_CORRUPT',
      `dataset Markdown: expected protobuf JSON in its block, found ${(error as Error).message}; use the file as the backup wrote it`,
      {},
      error,
    );
  }
}

// Doubles that JSON can't hold. Protobuf JSON has them as texts (ProtoJSON, "Representation of each type"), which
// ts-proto reads but does not write.
const doubles = new Set([
  'numbers',
  'missingValues',
  'scaleFactor',
  'addOffset',
  'validMin',
  'validMax',
  'unwrittenValue',
  'west',
  'south',
  'east',
  'north',
]);

function specialNumbersAsText(key: string, value: unknown): unknown {
  if (!doubles.has(key)) return value;
  return Array.isArray(value) ? value.map(asText) : asText(value);
}

function asText(value: unknown): unknown {
  if (Object.is(value, -0)) return '-0';
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function times({ extent }: Cube): string {
  return extent === undefined || extent.timeStart === '' ? '' : `${extent.timeStart} to ${extent.timeEnd}`;
}

function area({ extent }: Cube): string {
  if (extent?.south === undefined || extent.west === undefined) return '';
  const round = (degrees: number | undefined) => String(Number((degrees ?? 0).toFixed(3)));
  return `${round(extent.south)} to ${round(extent.north)} N, ${round(extent.west)} to ${round(extent.east)} E`;
}

const roleNames: Record<number, string> = {
  [CoordinateRole.COORDINATE_ROLE_DIMENSION]: 'dimension',
  [CoordinateRole.COORDINATE_ROLE_AUXILIARY]: 'auxiliary',
  [CoordinateRole.COORDINATE_ROLE_SCALAR]: 'scalar',
};

function coordinateRows(dataset: Dataset): string[][] {
  const rows = new Map<string, string[]>();
  const variables = new Map(dataset.variables.map((variable) => [variable.name, variable]));
  for (const coordinate of dataset.cubes.flatMap((cube) => cube.coordinates)) {
    const variable = variables.get(coordinate.variable);
    if (rows.has(coordinate.variable) || variable === undefined) continue;
    const dimensions = variable.dimensions.map((name, i) => `${name}: ${variable.shape[i]}`).join(', ');
    const units = coordinate.units + (coordinate.calendar === '' ? '' : ` (${coordinate.calendar})`);
    const values = formatCoordinateValues(variable, coordinate);
    rows.set(coordinate.variable, [
      coordinate.variable,
      roleNames[coordinate.role] ?? '',
      dimensions,
      units,
      values,
    ]);
  }
  return [...rows.values()];
}

function list(heading: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`## ${heading}`, '', ...items.map((item) => `- ${cell(item)}`), ''];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line), ''];
}

/** Text that can't end a cell, a line or begin markup of its own. */
function cell(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[|<>`*_[\]\\]/g, (mark) => (mark === '`' || mark === '_' ? mark : `\\${mark}`));
}

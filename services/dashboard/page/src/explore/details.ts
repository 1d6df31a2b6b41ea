import type { AttributeText, ChunkRun, DatasetView, ParameterView } from '../../../src/explore/messages.ts';
import { type Child, element, panel } from '../dom.ts';
import { counted, formatBytes, shortTime } from '../format.ts';

/** What a parameter is and what it was merged from. */
export function drawDetails(root: HTMLElement, dataset: DatasetView, parameter: ParameterView): void {
  const { pieces, cellMethods, dtype, sizes, name, standardName, units } = parameter;
  const shape = sizes.map(({ dimension, size }) => `${dimension}: ${size}`).join('; ') || 'scalar';
  const origin = [
    row(
      'Merged from',
      `${counted(pieces.pieces, 'piece')} in ${counted(pieces.objects, 'object')} (${formatBytes(pieces.objectBytes)})`,
    ),
    row('Read to index them', formatBytes(pieces.bytesRead)),
    ...(pieces.sources.length > 0 ? [row('Sources', list(pieces.sources))] : []),
    ...(pieces.expression !== '' ? [row('Computed as', element('code', {}, pieces.expression))] : []),
    ...(pieces.chunks.length > 0 ? [row('Chunks', chunkText(pieces.chunks))] : []),
    ...(pieces.notes.length > 0 ? [row('Remarks of the merge', list(pieces.notes))] : []),
    ...(pieces.manifest
      ? [
          row(
            'Manifest',
            `${formatBytes(pieces.manifest.bytes)}, SHA-256 ${pieces.manifest.sha256.slice(0, 16)}…`,
          ),
        ]
      : []),
  ];
  const facts = [
    row('Variable', element('code', {}, name)),
    ...(standardName ? [row('Standard name', standardName)] : []),
    row('Units', units || 'not stated'),
    row('Type', dtype),
    row('Dimensions', shape),
    ...(cellMethods ? [row('Cell methods', cellMethods)] : []),
    row(
      'Published',
      `${dataset.reference}, ${shortTime(dataset.published.slice(0, 16))} UTC by ${dataset.publisher || 'anonymous'}`,
    ),
  ];
  root.append(
    element(
      'div',
      { class: 'columns' },
      panel('Pieces', element('dl', { class: 'facts pieces' }, ...origin.flat())),
      panel(
        'About',
        element('dl', { class: 'facts' }, ...facts.flat()),
        attributes('Attributes of the parameter', parameter.attributes),
        attributes('Attributes of the dataset', dataset.attributes),
      ),
    ),
  );
}

function row(name: string, value: Child): HTMLElement[] {
  return [element('dt', {}, name), element('dd', {}, value)];
}

function list(texts: readonly string[]): HTMLElement {
  const shown = texts.slice(0, 50);
  const rest = texts.length - shown.length;
  return element(
    'ul',
    {},
    ...shown.map((text) => element('li', {}, text)),
    rest > 0 ? element('li', {}, `… and ${counted(rest, 'more', 'more')}`) : undefined,
  );
}

function chunkText(chunks: readonly ChunkRun[]): string {
  const extent = ({ smallest, largest }: ChunkRun) =>
    smallest === largest ? String(largest) : `${smallest}–${largest}`;
  const count = chunks.reduce((product, { chunks }) => product * chunks, 1);
  const along = chunks.map((run) => `${run.dimension} ${run.chunks} × ${extent(run)}`).join(', ');
  return `${counted(count, 'chunk')}: ${along}`;
}

function attributes(title: string, texts: readonly AttributeText[]): Child {
  if (texts.length === 0) return undefined;
  const rows = texts.flatMap(({ name, text }) => row(name, text));
  return element(
    'details',
    {},
    element('summary', {}, `${title} (${texts.length})`),
    element('dl', { class: 'facts' }, ...rows),
  );
}

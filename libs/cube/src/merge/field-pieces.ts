import { HyperslabError } from '@hyperslab/errors';
import type { FieldSet, IndexedVariable } from '@hyperslab/proto/index';
import type { FieldScope } from '../cf/file-variables.ts';
import { publicName } from '../cf/names.ts';
import type { AddedCoordinate } from './added-coordinates.ts';
import type { ChunkLog } from './chunk-log.ts';
import type { ContentTable } from './content-table.ts';
import { FieldKinds } from './field-kinds.ts';
import { type LoneField, loneField } from './field-variables.ts';
import { fileStructure, structureKey, type VariableStructure } from './file-structure.ts';
import { OppositeMembers } from './opposite-members.ts';
import type { Piece } from './piece.ts';

/** What sets of equal attributes, dimensions and coordinates share. */
interface FieldStructure {
  field: VariableStructure;
  /** Of the first such set, as its file has it. */
  variable: IndexedVariable;
  /** Structures of the links of the field. */
  links: VariableStructure[];
  /** Contents of each link by the value of a column. */
  known: Map<number | string, number>[];
}

/** Turns sets of fields into pieces: a piece is a field, and its place is in what it is linked to. */
export class FieldPieces {
  readonly #contents: ContentTable;
  readonly #chunks: ChunkLog;
  readonly #structures = new Map<string, FieldStructure>();
  readonly #members: OppositeMembers;
  readonly #kinds = new FieldKinds();

  constructor(contents: ContentTable, chunks: ChunkLog) {
    this.#contents = contents;
    this.#chunks = chunks;
    this.#members = new OppositeMembers(contents);
  }

  /** All that was to be added is. */
  finish(): void {
    this.#members.finish();
  }

  /** The structure of a set's fields, and their pieces in the order of the file, with what is added to all of it. */
  of(
    scope: FieldScope,
    set: FieldSet,
    { format, url, file, added }: { format: string; url: string; file: number; added: AddedCoordinate[] },
  ): { field: VariableStructure; pieces: Piece[] } {
    checkColumns(set, url);
    const own = this.#kinds.checked(scope.path, this.#withoutAdded(set, added, url), url);
    const lone = loneField(scope, this.#members.apart(scope.path, own));
    const { field, variable, links, known } = this.#structureOf(lone, set, format, added);
    const columns = links.map(({ path }) => lone.columns.find((column) => column.path === path));
    // What is the same for all fields of the set: the grid.
    const fixed = links.map(({ path, kind, attributesKey }, link) =>
      columns[link] === undefined
        ? this.#contents.intern(kind!, lone.file.variables.get(path)!, attributesKey, file)
        : -1,
    );
    const contentOf = (link: number, row: number): number => {
      const column = columns[link];
      if (column === undefined) return fixed[link];
      const key = column.key(row);
      let content = known[link].get(key);
      if (content === undefined) {
        const { kind, attributesKey } = links[link];
        content = this.#contents.intern(kind!, column.variable(row), attributesKey, file);
        known[link].set(key, content);
      }
      return content;
    };
    const more = added.map(({ content }) => content);
    // Fields that are encoded alike share their variable.
    const variables = set.layouts.map((layout): IndexedVariable => ({ ...variable, layout }));
    const pieces = set.offsets.map(
      (offset, row): Piece => ({
        file,
        variable: variables[set.layoutOf[row] ?? 0],
        chunks: this.#chunks.add({ offsets: [offset], lengths: [set.lengths[row]], skippedCodecs: [] }, url),
        packing: field.packing,
        attributesKey: field.attributesKey,
        contents: [...links.map((_, link) => contentOf(link, row)), ...more],
        own: -1,
      }),
    );
    return { field, pieces };
  }

  /** The set without coordinates that say themselves what is added: some files of a run name their member, and some do not. */
  #withoutAdded(set: FieldSet, added: readonly AddedCoordinate[], url: string): FieldSet {
    const told = new Map(added.map(({ link, content }) => [publicName(link.path), content]));
    const coordinates = set.coordinates.filter(({ variable, values, texts }) => {
      const content = told.get(variable!.name);
      if (content === undefined) return true;
      const [value] = this.#contents.values(content)!.values;
      const other = [...values, ...texts].find((own) => own !== value && own !== Number(value));
      if (other === undefined) return false;
      const { name } = variable!;
      throw new HyperslabError(
        'INVALID_ARGUMENT',
        `dimension "${name}": it is ${other} of fields in ${url}, and "${value}" is to be added; choose another name, or a pattern that agrees`,
        { url, dimension: name },
      );
    });
    return { ...set, coordinates };
  }

  #structureOf(
    { path, file }: LoneField,
    { variable }: FieldSet,
    format: string,
    added: AddedCoordinate[],
  ): FieldStructure {
    const key = `${path}\n${structureKey(file, format)}`;
    let structure = this.#structures.get(key);
    if (structure === undefined) {
      const all = new Map(fileStructure(file, format, this.#contents).map((each) => [each.path, each]));
      const own = all.get(path)!;
      const links = own.links.map((link) => all.get(link.path)!);
      const field = { ...own, links: [...own.links, ...added.map(({ link }) => link)] };
      structure = { field, variable: variable!, links, known: links.map(() => new Map()) };
      this.#structures.set(key, structure);
    }
    return structure;
  }
}

function checkColumns(
  { variable, offsets, lengths, layouts, layoutOf, coordinates }: FieldSet,
  url: string,
): void {
  const count = offsets.length;
  const isWhole =
    lengths.length === count &&
    (layoutOf.length === 0 || layoutOf.length === count) &&
    layoutOf.every((layout) => layout < layouts.length) &&
    layouts.length > 0 &&
    coordinates.every(
      ({ values, texts, bounds }) =>
        Math.max(values.length, texts.length) === count && [0, 2 * count].includes(bounds.length),
    );
  if (count > 0 && isWhole) return;
  throw new HyperslabError(
    'INTERNAL',
    `${url}: the columns of the fields of "${variable?.name}" do not have ${count} rows`,
  );
}

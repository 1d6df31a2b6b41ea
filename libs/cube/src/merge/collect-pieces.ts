import { createHash } from 'node:crypto';
import type { Layout } from '@hyperslab/proto/array';
import type { FileIndex, IndexedVariable, OtherObjects } from '@hyperslab/proto/index';
import type { MergeOptions } from '@hyperslab/proto/merge';
import { attributesKey } from '../cf/attributes.ts';
import { fieldScopes, fileVariables } from '../cf/file-variables.ts';
import { MetadataChanges } from '../options/metadata-changes.ts';
import { type AddedCoordinate, AddedCoordinates } from './added-coordinates.ts';
import { ChunkLog } from './chunk-log.ts';
import { CommonAttributes } from './common-attributes.ts';
import { ContentTable } from './content-table.ts';
import { FieldPieces } from './field-pieces.ts';
import { fileStructure, structureKey, type VariableStructure } from './file-structure.ts';
import { GlobalAttributes } from './global-attributes.ts';
import type { PieceGroup } from './piece.ts';

/** A file, as the manifest and the messages need it. */
export interface SourceFile {
  url: string;
  version: { size: number; etag: string; modifiedUs: number };
  /** Other objects that its chunks lie in. */
  others?: OtherObjects;
}

/** Everything that a merge needs of the files, gathered in one pass. */
export class PieceCollection {
  readonly files: SourceFile[] = [];
  readonly contents = new ContentTable();
  readonly chunks = new ChunkLog();
  readonly attributes = new CommonAttributes();
  readonly globals = new GlobalAttributes();
  /** In order of first appearance. */
  readonly groups = new Map<string, PieceGroup>();
  /** Remarks of the readers, with their file. */
  readonly notes: { url: string; note: string }[] = [];
  bytesRead = 0;
  readonly #structures = new Map<string, VariableStructure[]>();
  /** Bytes that indexes hold, by their hash. */
  readonly #held = new Map<string, Buffer>();
  readonly #fields = new FieldPieces(this.contents, this.chunks);
  readonly #changes: MetadataChanges;
  readonly #added: AddedCoordinates;

  /** Throws INVALID_ARGUMENT for rules that can't be used. */
  constructor({ dimensions = [], changes = [] }: Partial<MergeOptions> = {}) {
    this.#changes = new MetadataChanges(changes);
    const scalars = changes.flatMap(({ change }) =>
      change?.$case === 'add' && change.value.dimension === '' ? [change.value] : [],
    );
    this.#added = new AddedCoordinates({ rules: dimensions, scalars, changes: this.#changes }, this.contents);
  }

  add(stored: FileIndex): void {
    const index = this.#changes.apply(stored);
    const version = index.version ?? { size: 0, etag: '', modifiedUs: 0 };
    const file = this.files.push({ url: index.url, version, others: this.#sharedOthers(index) }) - 1;
    this.bytesRead += index.bytesRead;
    for (const note of index.notes) this.notes.push({ url: index.url, note });
    const flat = fileVariables(index);
    const globals = attributesKey(flat.attributes);
    this.attributes.add(flat.attributes, globals);
    this.globals.add(file, flat.attributes, globals);
    const added = this.#added.of(flat, index.url, file);
    const key = structureKey(flat, index.format) + added.map(({ link }) => link.role).join();
    let structures = this.#structures.get(key);
    if (structures === undefined) {
      structures = fileStructure(flat, index.format, this.contents);
      for (const structure of structures) addLinks(structure, added);
      this.#structures.set(key, structures);
    }
    const numbers = new Map(added.map(({ link, content }) => [link.path, content]));
    for (const { path, kind, attributesKey: own } of structures) {
      const variable = flat.variables.get(path)!;
      if (kind !== undefined) numbers.set(path, this.contents.intern(kind, variable, own, file));
    }
    for (const structure of structures) {
      const variable = flat.variables.get(structure.path)!;
      const contentsOf = () => structure.links.map((link) => numbers.get(link.path)!);
      if (structure.group === undefined) {
        structure.group = this.#groupOf(structure, variable, contentsOf(), flat.unlimited);
        // Files may list the same coordinates in another order.
        structure.links = structure.group.links;
      }
      const { packing, attributesKey } = structure;
      const own = numbers.get(structure.path) ?? -1;
      const isKnown = own >= 0 && variable.inlineValues !== undefined;
      structure.group.pieces.push({
        file,
        variable: this.#shared(variable, structure, own),
        chunks:
          isKnown || variable.chunks === undefined ? undefined : this.chunks.add(variable.chunks, index.url),
        packing,
        attributesKey,
        contents: contentsOf(),
        own,
      });
    }
    this.#addFields(index, file, added);
  }

  /** All that was to be added is: what could not be known of one file alone is settled. */
  finish(): void {
    this.#added.finish();
    this.#fields.finish();
    this.#changes.finish();
  }

  /** Other objects of a file, with bytes that many files hold (descriptions of one grid) kept once. */
  #sharedOthers({ others }: FileIndex): OtherObjects | undefined {
    if (others === undefined || others.held.length === 0) return others;
    const hash = createHash('sha256').update(others.held).digest('latin1');
    const known = this.#held.get(hash) ?? Buffer.from(new Uint8Array(others.held).buffer);
    this.#held.set(hash, known);
    return { ...others, held: known };
  }

  #addFields(index: FileIndex, file: number, added: AddedCoordinate[]): void {
    const { format, url } = index;
    for (const scope of fieldScopes(index)) {
      for (const set of scope.sets) {
        const { field, pieces } = this.#fields.of(scope, set, { format, url, file, added });
        const order = field.links.map(({ path }) => path).join();
        field.group ??= this.#groupOf(field, set.variable!, pieces[0].contents, new Set(), order);
        for (const piece of pieces) field.group.pieces.push(piece);
      }
    }
  }

  /**
   * The variable with what is equal in many files held once: mostly it is the very object. A million files are a million chunk
   * tables, no more.
   */
  #shared(variable: IndexedVariable, structure: VariableStructure, own: number): IndexedVariable {
    const { shape, layout, contentSha256, minimum, maximum } = variable;
    const inlineValues = own < 0 ? undefined : this.contents.get(own).variable.inlineValues;
    const last = structure.last ?? { ...structure.sample, chunks: undefined, inlineValues };
    structure.last = last;
    const sameShape = isEqual(shape, last.shape);
    const sameLayout = layoutsEqual(layout, last.layout);
    const sameRest =
      contentSha256 === last.contentSha256 &&
      minimum === last.minimum &&
      maximum === last.maximum &&
      inlineValues === last.inlineValues;
    if (sameShape && sameLayout && sameRest) return last;
    structure.last = {
      ...last,
      shape: sameShape ? last.shape : shape,
      layout: sameLayout ? last.layout : layout,
      ...{ contentSha256, minimum, maximum, inlineValues },
    };
    return structure.last;
  }

  /** The group of a structure. `order` tells groups apart whose links are in another order, where that counts. */
  #groupOf(
    { path, isField, isConstant, links, traits }: VariableStructure,
    { dimensions }: IndexedVariable,
    contents: readonly number[],
    unlimited: ReadonlySet<string>,
    order = '',
  ): PieceGroup {
    const all = { ...traits };
    for (const [i, link] of links.entries()) {
      const grid = link.role === 'grid_mapping' ? ` ${contents[i]}` : '';
      all[`${link.role} ${link.path}`] =
        `(${link.dimensions.join()}) ${this.contents.get(contents[i]).unitsKey}${grid}`;
    }
    const key = JSON.stringify([path, dimensions, Object.entries(all).toSorted(), order]);
    let group = this.groups.get(key);
    if (group === undefined) {
      group = { path, isField, isConstant, dimensions, unlimited: new Set(), links, traits: all, pieces: [] };
      this.groups.set(key, group);
    }
    for (const dimension of dimensions) if (unlimited.has(dimension)) group.unlimited.add(dimension);
    return group;
  }
}

/** Links a variable to the coordinates that were added to its file: a field that a run does not merely repeat. */
function addLinks(structure: VariableStructure, added: readonly AddedCoordinate[]): void {
  const { isField, isConstant, sample, links } = structure;
  if (!isField || isConstant) return;
  for (const { link } of added)
    if (link.dimensions.every((path) => sample.dimensions.includes(path))) links.push(link);
}

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function layoutsEqual(a: Layout | undefined, b: Layout | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.storedDtype === b.storedDtype &&
    a.edgeChunksPadded === b.edgeChunksPadded &&
    isEqual(a.chunkShape, b.chunkShape) &&
    a.codecs.length === b.codecs.length &&
    a.codecs.every(
      ({ name, configuration }, i) =>
        name === b.codecs[i].name && configuration === b.codecs[i].configuration,
    )
  );
}

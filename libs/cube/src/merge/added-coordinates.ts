import { HyperslabError } from '@hyperslab/errors';
import type { Attribute } from '@hyperslab/proto/array';
import type { IndexedVariable } from '@hyperslab/proto/index';
import type { DimensionRule, AddedCoordinate as Scalar } from '@hyperslab/proto/merge';
import { arrayBlock } from '../array-block.ts';
import { attributesKey } from '../cf/attributes.ts';
import type { FileVariables } from '../cf/file-variables.ts';
import { joinPath } from '../cf/names.ts';
import { packingOf } from '../cf/packing.ts';
import { coordinateVariable } from '../options/add-coordinate.ts';
import { compileRule } from '../options/dimension-rule.ts';
import type { MetadataChanges } from '../options/metadata-changes.ts';
import { typedTexts } from '../options/typed-texts.ts';
import type { ContentKind, ContentTable } from './content-table.ts';
import type { GroupLink } from './piece.ts';

/** A coordinate that a file has as if it stood in it, and what it holds. */
export interface AddedCoordinate {
  link: GroupLink;
  content: number;
}

/** A coordinate, and how its values are numbered: while they are those of a rule, as texts. */
interface Column {
  name: string;
  path: string;
  /** Values are texts whose meaning is not known yet. */
  isRule: boolean;
  /** The value of a file: a text, or a value that is the same in all files. */
  valueIn(url: string, attributes: readonly Attribute[]): string | Scalar;
  /** Contents by number of dimensions and text. */
  known: Map<string, number>;
  kinds: ContentKind[];
}

/**
 * Coordinates that no file has: what its URL or a global attribute tells, and scalar ones that were added. Whether the
 * former are numbers, times or texts is known when all files are: until then their contents are texts.
 */
export class AddedCoordinates {
  readonly #contents: ContentTable;
  readonly #changes: MetadataChanges;
  readonly #columns: Column[];

  /** Throws INVALID_ARGUMENT for a rule that can't be used, or two of one name. */
  constructor(
    {
      rules,
      scalars,
      changes,
    }: { rules: readonly DimensionRule[]; scalars: readonly Scalar[]; changes: MetadataChanges },
    contents: ContentTable,
  ) {
    this.#contents = contents;
    this.#changes = changes;
    const column = (name: string, isRule: boolean, valueIn: Column['valueIn']): Column => ({
      name,
      isRule,
      path: joinPath('', name),
      valueIn,
      known: new Map(),
      kinds: [],
    });
    this.#columns = [
      ...rules.map((rule) => column(rule.name, true, compileRule(rule).valueIn)),
      ...scalars.map((scalar) => {
        const attributes = changes.attributesOf(scalar.name, scalar.attributes, scalar.values?.dtype ?? '');
        return column(scalar.name, false, () => ({ ...scalar, attributes }));
      }),
    ];
    const names = this.#columns.map(({ name }) => name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined)
      throw new HyperslabError('INVALID_ARGUMENT', `dimension "${twice}" is given twice; expected it once`);
  }

  /**
   * Those of a file: scalar ones, or along the dimension of the same name where the file has it with one element. Throws
   * INVALID_ARGUMENT where the file tells none, or has such a variable or a longer dimension.
   */
  of({ variables, attributes }: FileVariables, url: string, file: number): AddedCoordinate[] {
    return this.#columns.map((column) => {
      const { name, path, known } = column;
      if (variables.has(path)) throw hasIt(name, url, 'a variable');
      let dimensions: string[] = [];
      for (const variable of variables.values()) {
        const axis = variable.dimensions.indexOf(path);
        if (axis < 0) continue;
        if (variable.shape[axis] !== 1)
          throw hasIt(name, url, `a dimension of ${variable.shape[axis]} elements`);
        dimensions = [path];
      }
      const value = column.valueIn(url, attributes);
      const key = `${dimensions.length} ${typeof value === 'string' ? value : ''}`;
      let content = known.get(key);
      if (content === undefined) {
        content = this.#intern(column, value, dimensions, file);
        known.set(key, content);
      }
      return { link: { path, role: dimensions.length > 0 ? 'dimension' : 'auxiliary', dimensions }, content };
    });
  }

  /** Gives the texts of rules their types. Throws INVALID_ARGUMENT for two texts of one value. */
  finish(): void {
    for (const { name, known } of this.#columns.filter(({ isRule }) => isRule)) {
      const texts = [...known.keys()].map((key) => key.slice(2));
      const { dtype, values, ...typed } = typedTexts(name, texts);
      const attributes = this.#changes.attributesOf(name, typed.attributes, dtype);
      const textOf = new Map<number | string, string>();
      for (const [i, content] of [...known.values()].entries()) {
        const before = textOf.get(values[i]);
        if (before !== undefined && before !== texts[i])
          throw new HyperslabError(
            'INVALID_ARGUMENT',
            `dimension "${name}": "${before}" and "${texts[i]}" are both ${values[i]}; let the pattern take what differs`,
            { dimension: name },
          );
        textOf.set(values[i], texts[i]);
        const { variable } = this.#contents.get(content);
        const inlineValues = arrayBlock(arrayOf(dtype, variable.shape, values[i]));
        this.#contents.restate(content, { ...variable, dtype, attributes, inlineValues });
      }
    }
  }

  #intern({ name, path, kinds }: Column, value: string | Scalar, dimensions: string[], file: number): number {
    const shape = dimensions.map(() => 1);
    const scalar: Scalar =
      typeof value === 'string'
        ? { name, dimension: '', attributes: [], values: arrayBlock(arrayOf('string', shape, value)) }
        : value;
    const variable: IndexedVariable = { ...coordinateVariable(scalar), dimensions, shape };
    const { attributes } = variable;
    const packing = packingOf(variable, '');
    kinds[dimensions.length] ??= this.#contents.kind(path, variable, {
      attributes,
      packing,
      isGridMapping: false,
    });
    return this.#contents.intern(kinds[dimensions.length], variable, attributesKey(attributes), file);
  }
}

function arrayOf(dtype: 'int32' | 'float64' | 'string', shape: number[], value: number | string) {
  if (dtype === 'string') return { dtype, shape, values: [String(value)] };
  const values = dtype === 'int32' ? Int32Array.of(Number(value)) : Float64Array.of(Number(value));
  return { dtype, shape, values };
}

function hasIt(name: string, url: string, what: string): HyperslabError {
  return new HyperslabError(
    'INVALID_ARGUMENT',
    `dimension "${name}": ${url} has ${what} of that name; choose another name, or drop or rename it in an overlay`,
    { url, dimension: name },
  );
}

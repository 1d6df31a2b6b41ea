import { HyperslabError } from '@hyperslab/errors';
import type { IndexedVariable } from '@hyperslab/proto/index';
import type { DimensionRule } from '@hyperslab/proto/merge';
import { arrayBlock } from '../array-block.ts';
import { attributesKey } from '../cf/attributes.ts';
import type { FileVariables } from '../cf/file-variables.ts';
import { joinPath, publicName } from '../cf/names.ts';
import { packingOf } from '../cf/packing.ts';
import { type CompiledRule, compileRule } from '../options/dimension-rule.ts';
import { typedTexts } from '../options/typed-texts.ts';
import type { ContentKind, ContentTable } from './content-table.ts';
import type { GroupLink } from './piece.ts';

/** A coordinate that a file has as if it stood in it, and what it holds. */
export interface AddedCoordinate {
  link: GroupLink;
  content: number;
}

/** A coordinate, and how its values are numbered while they are texts. */
interface Column {
  rule: CompiledRule;
  path: string;
  /** Contents by text and number of dimensions. */
  known: Map<string, number>;
  kinds: ContentKind[];
}

/**
 * Coordinates that only the URL or a global attribute of each file tells. Whether they are numbers, times or texts is
 * known when all files are: until then their contents are texts.
 */
export class AddedCoordinates {
  readonly #contents: ContentTable;
  readonly #columns: Column[];

  /** Throws INVALID_ARGUMENT for a rule that can't be used, or two of one name. */
  constructor(rules: readonly DimensionRule[], contents: ContentTable) {
    this.#contents = contents;
    this.#columns = rules.map((rule) => {
      if (rules.some((other) => other !== rule && other.name === rule.name))
        throw new HyperslabError(
          'INVALID_ARGUMENT',
          `dimension "${rule.name}" is given twice; expected it once`,
        );
      return { rule: compileRule(rule), path: joinPath('', rule.name), known: new Map(), kinds: [] };
    });
  }

  /**
   * Those of a file: scalar ones, or along the dimension of the same name where the file has it with one element. Throws
   * INVALID_ARGUMENT where the file tells none, or has such a variable or a longer dimension.
   */
  of({ variables, attributes }: FileVariables, url: string, file: number): AddedCoordinate[] {
    return this.#columns.map((column) => {
      const { rule, path, known } = column;
      if (variables.has(path)) throw hasIt(rule.name, url, 'a variable');
      let dimensions: string[] = [];
      for (const variable of variables.values()) {
        const axis = variable.dimensions.indexOf(path);
        if (axis < 0) continue;
        if (variable.shape[axis] !== 1)
          throw hasIt(rule.name, url, `a dimension of ${variable.shape[axis]} elements`);
        dimensions = [path];
      }
      const text = rule.valueOf(url, attributes);
      const key = `${dimensions.length} ${text}`;
      let content = known.get(key);
      if (content === undefined) {
        content = this.#intern(column, text, dimensions, file);
        known.set(key, content);
      }
      return { link: { path, role: dimensions.length > 0 ? 'dimension' : 'auxiliary', dimensions }, content };
    });
  }

  /** Gives the values their types. Throws INVALID_ARGUMENT for two texts of one value. */
  finish(): void {
    for (const { rule, path, known } of this.#columns) {
      const texts = [...known.keys()].map((key) => key.slice(2));
      const { dtype, values, attributes } = typedTexts(rule.name, texts);
      const textOf = new Map<number | string, string>();
      for (const [i, content] of [...known.values()].entries()) {
        const before = textOf.get(values[i]);
        if (before !== undefined && before !== texts[i])
          throw new HyperslabError(
            'INVALID_ARGUMENT',
            `dimension "${publicName(path)}": "${before}" and "${texts[i]}" are both ${values[i]}; let the pattern take what differs`,
            { dimension: rule.name },
          );
        textOf.set(values[i], texts[i]);
        const { variable } = this.#contents.get(content);
        const inlineValues = arrayBlock(arrayOf(dtype, variable.shape, values[i]));
        this.#contents.restate(content, { ...variable, dtype, attributes, inlineValues });
      }
    }
  }

  #intern({ path, kinds }: Column, text: string, dimensions: string[], file: number): number {
    const variable: IndexedVariable = {
      name: publicName(path),
      dtype: 'string',
      dimensions,
      shape: dimensions.map(() => 1),
      attributes: [],
      inlineValues: arrayBlock(
        arrayOf(
          'string',
          dimensions.map(() => 1),
          text,
        ),
      ),
      notComputable: '',
      contentSha256: '',
    };
    const packing = packingOf(variable, '');
    kinds[dimensions.length] ??= this.#contents.kind(path, variable, {
      attributes: [],
      packing,
      isGridMapping: false,
    });
    return this.#contents.intern(kinds[dimensions.length], variable, attributesKey([]), file);
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

import { decodeArray, type IndexRange, type MaskedArray } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { Cube, Dataset as DatasetMetadata, Variable } from '@hyperslab/proto/cube';
import type { CallOptions } from './catalog-calls.ts';
import type { Connection } from './connection.ts';
import { LazyCube } from './lazy-cube.ts';
import { readStored } from './read-stored.ts';
import { TextExpression } from './text-expression.ts';

/** An open dataset: one version of it, whose metadata are all here and whose data are read when they are computed. */
export class Dataset {
  /** All that the catalog knows of it. */
  readonly metadata: DatasetMetadata;
  readonly #connection: Connection;

  constructor(connection: Connection, metadata: DatasetMetadata) {
    this.#connection = connection;
    this.metadata = metadata;
  }

  get name(): string {
    return this.metadata.name;
  }

  get version(): number {
    return this.metadata.version;
  }

  /** It with its version: "NAME@3". Always the same data. */
  get reference(): string {
    return `${this.name}@${this.version}`;
  }

  /** Its parameters, described. */
  parameters(): Cube[] {
    return this.metadata.cubes;
  }

  /**
   * A parameter by its name or by a standard name that only one has. Throws VARIABLE_NOT_FOUND with those that there are,
   * INVALID_ARGUMENT with the candidates of an ambiguous standard name.
   */
  cube(name: string): LazyCube {
    return this.#lazy(findCube(this.metadata, name).name);
  }

  /** Any stored variable: a parameter, coordinate, bounds or grid mapping. Throws VARIABLE_NOT_FOUND. */
  variable(name: string): LazyCube {
    return this.#lazy(this.#find(name).name);
  }

  /**
   * Values of a stored variable as they are computed with, unpacked and masked, at once and without a job: for what is
   * small. All dimensions stay.
   * @param ranges one for each dimension; none for all of it
   */
  async read(
    variable: string,
    ranges: readonly IndexRange[] = [],
    { signal }: CallOptions = {},
  ): Promise<MaskedArray> {
    const { data } = this.#find(variable);
    if (data?.$case === 'inlineValues' && ranges.length === 0) return decodeArray(data.value);
    const selection = { dataset: this.reference, variable, ranges: [...ranges], droppedDimensions: [] };
    return readStored(this.#connection, selection, signal);
  }

  /** An expression of the expression language, whose plain names are those of this dataset. */
  expression(text: string): TextExpression {
    return new TextExpression(this.#connection, this.reference, text);
  }

  #find(name: string): Variable {
    const found = this.metadata.variables.find((variable) => variable.name === name);
    if (found === undefined) throw notFound(this.metadata, 'variable', name, this.metadata.variables);
    return found;
  }

  #lazy(variable: string): LazyCube {
    return new LazyCube(this.#connection, this.reference, {
      kind: 'source',
      dataset: this.reference,
      variable,
    });
  }
}

/** A cube of a dataset by its name, or by a standard name that only one has. Throws as `Dataset.cube` does. */
export function findCube(dataset: DatasetMetadata, name: string): Cube {
  const named = dataset.cubes.find((cube) => cube.name === name);
  if (named !== undefined) return named;
  const standard = dataset.cubes.filter((cube) => cube.standardName === name);
  if (standard.length === 1) return standard[0];
  if (standard.length === 0) throw notFound(dataset, 'parameter', name, dataset.cubes);
  const candidates = standard.map((cube) => cube.name).join(', ');
  throw new HyperslabError(
    'INVALID_ARGUMENT',
    `"${name}" is the standard name of several parameters of ${dataset.name}: ${candidates}; choose one of them`,
    { dataset: dataset.name, name, candidates },
  );
}

function notFound(
  dataset: DatasetMetadata,
  kind: string,
  name: string,
  present: readonly (Cube | Variable)[],
): HyperslabError {
  const names = present.map((one) => one.name);
  const shown = names.length > 20 ? [...names.slice(0, 20), `… (${names.length} in all)`] : names;
  return new HyperslabError(
    'VARIABLE_NOT_FOUND',
    `${dataset.name}@${dataset.version} has no ${kind} "${name}"; it has ${shown.join(', ') || 'none'}`,
    { dataset: dataset.name, name },
  );
}

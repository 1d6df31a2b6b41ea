import { HyperslabError } from '@hyperslab/errors';
import type { Attribute } from '@hyperslab/proto/array';
import type { FileIndex, Group } from '@hyperslab/proto/index';
import type { MetadataChange } from '@hyperslab/proto/merge';
import { addCoordinate } from './add-coordinate.ts';
import { changedAttributes, settingOf } from './changed-attributes.ts';
import { describeChange } from './describe-merge-options.ts';
import { changeVariables, variableNamesOf } from './group-variables.ts';
import { renameInGroups } from './rename.ts';

/** Names of variables that an account of a change without use lists. */
const mostNames = 20;

/** A change that an index was made to undergo; undefined where the file has nothing that it is about. */
type Changed = Group | undefined;

/** Changes of metadata, made to the index of each file. Nothing of a file itself is touched. */
export class MetadataChanges {
  readonly #changes: readonly MetadataChange[];
  readonly #used = new Set<MetadataChange>();
  readonly #names = new Set<string>();

  constructor(changes: readonly MetadataChange[] = []) {
    this.#changes = changes;
  }

  /** A changed copy of an index. Throws INVALID_ARGUMENT naming the file where a change does not fit it. */
  apply(index: FileIndex): FileIndex {
    if (this.#changes.length === 0 || index.root === undefined) return index;
    let { root } = index;
    for (const name of variableNamesOf(root)) if (this.#names.size < mostNames) this.#names.add(name);
    for (const change of this.#changes) {
      const changed = changedRoot(root, change, index.url);
      if (changed === undefined) continue;
      root = changed;
      this.#used.add(change);
    }
    return { ...index, root };
  }

  /** Attributes of a coordinate that no file has, changed as those of variables are. */
  attributesOf(name: string, attributes: Attribute[], dtype: string): Attribute[] {
    return this.#changes.reduce((before, change) => {
      const setting = settingOf(change);
      if (setting?.variable !== name) return before;
      this.#used.add(change);
      return changedAttributes(before, change, dtype) ?? before;
    }, attributes);
  }

  /** Throws INVALID_ARGUMENT for a change that no file had what it is about. */
  finish(): void {
    const isScalar = ({ change }: MetadataChange) => change?.$case === 'add' && change.value.dimension === '';
    const useless = this.#changes.find((change) => !this.#used.has(change) && !isScalar(change));
    if (useless === undefined) return;
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `change "${describeChange(useless)}": no file has what it is about; the variables are ${[...this.#names].join(', ')}`,
      { change: describeChange(useless) },
    );
  }
}

function changedRoot(root: Group, change: MetadataChange, url: string): Changed {
  switch (change.change?.$case) {
    case 'rename':
      return renameInGroups(root, change.change.value, url);
    case 'drop': {
      const { variable } = change.change.value;
      return changeVariables(root, (each, name) => (name === variable ? 'dropped' : each));
    }
    case 'set':
    case 'remove': {
      const wanted = settingOf(change)!.variable;
      if (wanted === '') {
        const attributes = changedAttributes(root.attributes, change, '');
        return attributes === undefined ? undefined : { ...root, attributes };
      }
      return changeVariables(root, (each, name) => {
        if (name !== wanted) return each;
        const attributes = changedAttributes(each.attributes, change, each.dtype);
        // The range of an unpacked coordinate may be another one now.
        return attributes === undefined
          ? each
          : { ...each, attributes, minimum: undefined, maximum: undefined };
      });
    }
    case 'add':
      return change.change.value.dimension === '' ? undefined : addCoordinate(root, change.change.value, url);
    default:
      return undefined;
  }
}

import type { NamedGroup, NamedVariable } from './group-content.ts';

/** What the groups of a data set have, by name: descriptions have tens of thousands of variables and groups. */
export class GroupNames {
  readonly #variables = new Map<NamedGroup, Set<string>>();
  readonly #children = new Map<NamedGroup, Map<string, NamedGroup>>();

  /** Adds a variable to a group; false when another has its name. */
  addVariable(group: NamedGroup, variable: NamedVariable): boolean {
    const names = this.#variables.get(group) ?? new Set();
    this.#variables.set(group, names);
    if (names.has(variable.name)) return false;
    names.add(variable.name);
    group.variables.push(variable);
    return true;
  }

  /** The group of a path below another, made where there is none. */
  groupAt(group: NamedGroup, path: readonly string[]): NamedGroup {
    return path.reduce((outer, name) => this.#childOf(outer, name), group);
  }

  #childOf(group: NamedGroup, name: string): NamedGroup {
    const children = this.#children.get(group) ?? new Map<string, NamedGroup>();
    this.#children.set(group, children);
    const known = children.get(name);
    if (known !== undefined) return known;
    const made: NamedGroup = { name, dimensions: [], variables: [], groups: [] };
    children.set(name, made);
    group.groups.push(made);
    return made;
  }
}

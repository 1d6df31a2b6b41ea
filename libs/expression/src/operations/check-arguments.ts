import { HyperslabError, shortened } from '@hyperslab/errors';
import type { OperationArgument, OperationNode } from '@hyperslab/proto/expression';
import { nearMatches } from '../near-matches.ts';
import { type ArgumentKind, type Option, type Parameter, type Signature, usageOf } from './signature.ts';
import { signatureNamed, signatures } from './signatures.ts';

type Slot = Pick<Parameter | Option, 'name' | 'kind' | 'words'>;

/** Throws EXPRESSION_INVALID unless the arguments are those that the operation takes. Answers its signature. */
export function checkArguments({ name, arguments: given }: OperationNode): Signature {
  const signature = signatureNamed(name);
  if (signature === undefined) {
    const known = signatures.map((each) => each.name);
    throw invalid(`operation "${shortened(name)}" is unknown; known are ${known.join(' ')}`);
  }
  const { parameters } = signature;
  const places = given.filter((argument) => argument.name === '');
  places.forEach((argument, place) => {
    checkValue(signature, slotAt(signature, place), argument);
  });
  const missing = parameters[places.length];
  if (missing !== undefined && !missing.optional)
    throw invalid(`"${name}" lacks "${missing.name}"; expected ${usageOf(signature)}`);
  const seen = new Set<string>();
  for (const argument of given.filter((each) => each.name !== '')) {
    if (seen.has(argument.name)) throw invalid(`"${name}" has the option "${argument.name}" twice`);
    seen.add(argument.name);
    checkValue(signature, optionNamed(signature, argument.name), argument);
  }
  const lacking = signature.options?.find((option) => option.required && !seen.has(option.name));
  if (lacking !== undefined)
    throw invalid(`"${name}" lacks "${lacking.name}="; expected ${usageOf(signature)}`);
  return signature;
}

/** The argument at a place. Throws EXPRESSION_INVALID when an operation has no more. */
export function slotAt(signature: Signature, place: number): Slot {
  const { name, parameters } = signature;
  const last = parameters.at(-1);
  const slot = parameters[place] ?? (last?.repeated ? last : undefined);
  if (slot !== undefined) return slot;
  throw invalid(
    `"${name}" takes ${parameters.length} arguments without a name; expected ${usageOf(signature)}`,
  );
}

/** The option of a name. Throws EXPRESSION_INVALID for one that an operation does not take, naming those that are like it. */
export function optionNamed(signature: Signature, name: string): Slot {
  const { options = [], byName } = signature;
  const option = options.find((each) => each.name === name);
  if (option !== undefined) return option;
  if (byName !== undefined) return { ...byName, name };
  const near = nearMatches(
    name,
    options.map((each) => each.name),
  );
  const advice = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `expected ${usageOf(signature)}`;
  throw invalid(`"${signature.name}" has no option "${shortened(name)}"; ${advice}`);
}

function checkValue(signature: Signature, slot: Slot, { value }: OperationArgument): void {
  const words = slot.words ?? [];
  const fits: Record<ArgumentKind, () => boolean> = {
    array: () => value?.$case === 'node' || (value?.$case === 'text' && words.includes(value.value)),
    name: () => value?.$case === 'text' && value.value !== '',
    word: () => value?.$case === 'text' && words.includes(value.value),
    reduction: () => value?.$case === 'text' && signatureNamed(value.value) !== undefined,
    text: () => value?.$case === 'text',
    number: () => value?.$case === 'number' && Number.isFinite(value.value),
    integer: () => value?.$case === 'number' && Number.isSafeInteger(value.value),
    list: isValue,
    value: isValue,
  };
  function isValue(): boolean {
    if (value?.$case === 'number') return Number.isFinite(value.value);
    if (value?.$case !== 'list') return value?.$case === 'text';
    const { numbers, texts } = value.value;
    return (numbers.length === 0 || texts.length === 0) && numbers.every(Number.isFinite);
  }
  if (fits[slot.kind]()) return;
  const expected = slot.kind === 'array' || slot.kind === 'word' ? words.slice() : [];
  if (slot.kind !== 'word') expected.push(meanings[slot.kind]);
  throw invalid(
    `"${slot.name}" of "${signature.name}": expected ${expected.join(' or ')}, found ${shown(value)}`,
  );
}

const meanings: Record<Exclude<ArgumentKind, 'word'>, string> = {
  array: 'an array',
  name: 'the name of a dimension',
  reduction: 'the name of a reduction',
  text: 'a text',
  number: 'a number',
  integer: 'a whole number',
  list: 'a number, a text, or a list of either in brackets',
  value: 'a number, a text, or a list of either in brackets',
};

function shown(value: OperationArgument['value']): string {
  if (value?.$case === 'text') return `"${shortened(value.value)}"`;
  if (value?.$case === 'number') return String(value.value);
  return value?.$case === 'list' ? 'a list' : value === undefined ? 'nothing' : 'an array';
}

function invalid(message: string): HyperslabError {
  return new HyperslabError('EXPRESSION_INVALID', message);
}

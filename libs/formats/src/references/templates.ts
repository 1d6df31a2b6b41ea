import { formatUnsupported } from '../format-error.ts';

/** What the names in a template stand for: texts, and indices of generated references. */
export type TemplateValues = ReadonlyMap<string, string | number>;

const token = /\s*(\d+|[A-Za-z_]\w*|\/\/|[-+*%()])/y;

/** URLs and keys are far shorter, with and without their templates. */
const longestText = 8192;

/** As many characters as a document has at most, read and written: templates don't make a small one into a larger. */
const mostCharacters = 256 * 1024 * 1024;

/** Fills the templates of one document, whose URL messages name. */
export class TemplateFiller {
  readonly #url: string;
  #left = mostCharacters;

  constructor(url: string) {
    this.#url = url;
  }

  /**
   * A text with its `{{…}}` replaced (fsspec references, version 1, "templates" and "gen"): a name, or whole-number
   * arithmetic with names. Throws FORMAT_UNSUPPORTED for anything else of Jinja, for texts of more than 8192 characters,
   * and where those of a document have more than 256 Mi together.
   */
  fill(text: string, values: TemplateValues): string {
    let open = text.indexOf('{{');
    if (open < 0) return text;
    this.#claim(text.length);
    let filled = '';
    let at = 0;
    while (open >= 0) {
      const close = text.indexOf('}}', open + 2);
      if (close < 0) break;
      filled += text.slice(at, open) + this.#valueOf(text.slice(open + 2, close), values);
      assertLength(filled.length, this.#url);
      at = close + 2;
      open = text.indexOf('{{', at);
    }
    filled += text.slice(at);
    this.#claim(filled.length);
    return filled;
  }

  #valueOf(expression: string, values: TemplateValues): string {
    const name = expression.trim();
    const known = values.get(name);
    return String(known ?? evaluate(name, values, () => unsupported(this.#url, expression)));
  }

  #claim(length: number): void {
    assertLength(length, this.#url);
    this.#left -= length;
    if (this.#left < 0)
      throw withoutTemplates(
        this.#url,
        `templates that make more than ${mostCharacters} characters together`,
      );
  }
}

function assertLength(length: number, url: string): void {
  if (length > longestText) throw withoutTemplates(url, `a template of more than ${longestText} characters`);
}

/** A sum of products of numbers, names and sums in parentheses. */
function evaluate(text: string, values: TemplateValues, fail: () => Error): number {
  const tokens = tokensOf(text, fail);
  let at = 0;

  function sum(depth: number): number {
    let value = product(depth);
    while (tokens[at] === '+' || tokens[at] === '-')
      value = tokens[at++] === '+' ? value + product(depth) : value - product(depth);
    return value;
  }

  function product(depth: number): number {
    let value = factor(depth);
    while (['*', '//', '%'].includes(tokens[at])) {
      const operator = tokens[at++];
      const right = factor(depth);
      if (operator !== '*' && right === 0) throw fail();
      // As Python has it: quotients are rounded down, remainders have the sign of the divisor.
      const quotient = operator === '*' ? 0 : Math.floor(value / right);
      value = operator === '*' ? value * right : operator === '//' ? quotient : value - quotient * right;
    }
    return value;
  }

  function factor(depth: number): number {
    const next = tokens[at++];
    if (next === '(' && depth < 50) {
      const value = sum(depth + 1);
      if (tokens[at++] !== ')') throw fail();
      return value;
    }
    const value = /^\d/.test(next ?? '') ? Number(next) : values.get(next);
    if (typeof value !== 'number') throw fail();
    return value;
  }

  const value = sum(0);
  if (at !== tokens.length || !Number.isSafeInteger(value)) throw fail();
  return value;
}

function tokensOf(text: string, fail: () => Error): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < text.length; at = token.lastIndex) {
    token.lastIndex = at;
    const found = token.exec(text);
    if (found === null) throw fail();
    tokens.push(found[1]);
  }
  return tokens;
}

function unsupported(url: string, expression: string): Error {
  return withoutTemplates(url, `the template {{${expression.slice(0, 80)}}}`);
}

function withoutTemplates(url: string, what: string): Error {
  return formatUnsupported(url, 0, what, 'write the references again without templates');
}

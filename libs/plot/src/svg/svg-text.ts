/** Text for XML: markup escaped, characters that XML has not dropped. */
function escapeXml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has none of these
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
  );
}

/** Where a text stands. */
export interface TextOptions {
  anchor?: 'start' | 'middle' | 'end';
  size?: number;
  weight?: 'bold';
  /** Degrees, clockwise around its own point. */
  rotate?: number;
}

/** A line of text; `y` is its middle. */
export function svgText(x: number, y: number, text: string, options: TextOptions = {}): string {
  const { anchor = 'start', size = 12, weight, rotate } = options;
  // Renderers do not agree on dominant-baseline; a third of the size below the middle is the same in all.
  const baseline = rotate === undefined ? round(y + size * 0.35) : round(y);
  const turn = rotate === undefined ? '' : ` transform="rotate(${rotate} ${round(x)} ${round(y)})"`;
  const bold = weight === undefined ? '' : ` font-weight="${weight}"`;
  return `<text x="${round(x)}" y="${baseline}" font-size="${size}" text-anchor="${anchor}"${bold}${turn}>${escapeXml(text)}</text>`;
}

/** About how wide a text is, in pixels: DejaVu Sans takes 0.6 of its size for a usual character. */
export function textWidth(text: string, size: number): number {
  return text.length * size * 0.61;
}

/** A text cut to a width, with an ellipsis if it was. */
export function fitText(text: string, size: number, width: number): string {
  const most = Math.max(1, Math.floor(width / (size * 0.61)));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** A text in as many lines as are allowed, broken behind commas or at blanks; the last is cut if it is too long. */
export function wrapText(text: string, size: number, width: number, most: number): string[] {
  const whole = fitText(text, size, width);
  if (whole === text || most === 1) return [whole];
  const comma = text.lastIndexOf(', ', whole.length - 1);
  const blank = text.lastIndexOf(' ', whole.length);
  const end = comma > 0 ? comma + 1 : blank > 0 ? blank : whole.length;
  return [text.slice(0, end), ...wrapText(text.slice(end).trimStart(), size, width, most - 1)];
}

/** Coordinates to a hundredth of a pixel. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

import { svgText, wrapText } from './svg-text.ts';

const size = 16;
const lineHeight = 20;
/** DejaVu's bold is wider than its regular. */
const boldShare = 1.12;

/** The title of a drawing, in two lines where one is too short. `height` is what the second line takes. */
export function drawTitle(text: string, x: number, width: number): { svg: string; height: number } {
  const lines = wrapText(text, size * boldShare, width, 2);
  const svg = lines.map((line, i) => svgText(x, 22 + i * lineHeight, line, { size, weight: 'bold' }));
  return { svg: svg.join('\n'), height: (lines.length - 1) * lineHeight };
}

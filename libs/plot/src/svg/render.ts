import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

/** What a drawing is delivered as. */
export type ImageFormat = 'png' | 'svg';

let ready: Promise<Uint8Array[]> | undefined;

/** A drawing as a file of the format. */
export async function renderDrawing(svg: string, format: ImageFormat): Promise<Uint8Array> {
  if (format === 'svg') return new TextEncoder().encode(svg);
  ready ??= prepare();
  const fontBuffers = await ready;
  const renderer = new Resvg(svg, {
    font: { fontBuffers, defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans' },
  });
  try {
    const image = renderer.render();
    const png = image.asPng();
    image.free();
    return png;
  } finally {
    renderer.free();
  }
}

async function prepare(): Promise<Uint8Array[]> {
  const file = (specifier: string) => readFile(fileURLToPath(import.meta.resolve(specifier)));
  await initWasm(await file('@resvg/resvg-wasm/index_bg.wasm'));
  return Promise.all([
    file('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
    file('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
  ]);
}

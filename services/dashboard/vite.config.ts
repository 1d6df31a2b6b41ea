import { join } from 'node:path';
import { defineConfig } from 'vite';

/** The page: addresses are relative, so that it works below any prefix; nothing is put into HTML, which its policy forbids. */
export default defineConfig({
  root: join(import.meta.dirname, 'page'),
  base: './',
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});

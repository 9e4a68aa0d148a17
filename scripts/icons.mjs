// Draws the icons that a phone asks for from web/icons/signalbox.svg, with Chromium: run it after the drawing was changed.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { launchBrowser } from '../server/testing/browser.ts';

const drawing = await readFile(new URL('../web/icons/signalbox.svg', import.meta.url), 'utf8');
const folder = new URL('../web/static/icons/', import.meta.url);
/** Systems cut icons into their own shapes: a maskable one keeps its drawing within four fifths of the width, and fills its corners. */
const icons = [
  { name: 'icon-192.png', size: 192, part: 1 },
  { name: 'icon-512.png', size: 512, part: 1 },
  { name: 'maskable-192.png', size: 192, part: 0.8 },
  { name: 'maskable-512.png', size: 512, part: 0.8 },
  { name: 'apple-touch-icon.png', size: 180, part: 0.9 },
];

const { browser, reason } = await launchBrowser();
if (!browser) {
  console.error(`No icon was drawn: ${reason}.`);
  process.exit(1);
}
await mkdir(folder, { recursive: true });
const ground = /<rect[^>]*fill="(#[0-9a-f]+)"/.exec(drawing)?.[1] ?? '#000';
for (const { name, size, part } of icons) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const width = Math.round(size * part);
  await page.setContent(
    `<style>html{background:${part < 1 ? ground : 'transparent'}}body{margin:0;height:${size}px;display:grid;place-items:center}svg{width:${width}px}</style>${drawing}`,
  );
  await writeFile(new URL(name, folder), await page.screenshot({ omitBackground: part === 1 }));
  await page.close();
  console.log(`web/static/icons/${name}`);
}
await browser.close();

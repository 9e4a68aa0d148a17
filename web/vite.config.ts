import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig, type Plugin } from 'vite';
import { wuchale } from 'wuchale/vite';
import { withFirstPage } from './first-page.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

/** During development the API is reached through this; what `npm run web:build` makes is served by the server itself. */
const server = process.env.SIGNALBOX_URL ?? 'http://127.0.0.1:8080';

const configPath = `${here}wuchale.config.js`;

/** Puts texts that are new in the sources into src/locales, where they wait for their translation: what is not there is shown as nothing. */
const newTexts: Plugin = {
  name: 'new-texts',
  apply: 'build',
  config: () => {
    const command = fileURLToPath(new URL('./cli/index.js', import.meta.resolve('wuchale')));
    execFileSync(process.execPath, [command, '--config', configPath, '--log-level', 'error'], { stdio: 'inherit' });
  },
};

export default defineConfig({
  root: here,
  plugins: [
    newTexts,
    wuchale({ configPath }),
    tailwindcss(),
    sveltekit({
      // The page itself has it registered, when what it shows is there.
      serviceWorker: { register: false },
      adapter: withFirstPage(
        adapter({ pages: `${here}build`, assets: `${here}build`, fallback: 'index.html', precompress: true }),
      ),
    }),
  ],
  environments: {
    client: {
      build: {
        rolldownOptions: {
          // What many pages share comes in one file: on a mobile line each file of its own costs a way there and back.
          output: { codeSplitting: { groups: [{ name: 'shared', minShareCount: 8 }] } },
        },
      },
    },
  },
  server: {
    // pine/ is the page's as well as the command's.
    fs: { allow: [`${here}..`] },
    proxy: { '/api': server, '/docs': server, '/hooks': server, '/socket.io': { target: server, ws: true } },
  },
});

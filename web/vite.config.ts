import { fileURLToPath } from 'node:url';
import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

/** During development the API is reached through this; what `npm run web:build` makes is served by the server itself. */
const server = process.env.SIGNALBOX_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: here,
  plugins: [
    tailwindcss(),
    sveltekit({
      // The page itself has it registered, when what it shows is there.
      serviceWorker: { register: false },
      adapter: adapter({ pages: `${here}build`, assets: `${here}build`, fallback: 'index.html', precompress: true }),
    }),
  ],
  server: {
    // pine/ is the page's as well as the command's.
    fs: { allow: [`${here}..`] },
    proxy: { '/api': server, '/docs': server, '/hooks': server, '/socket.io': { target: server, ws: true } },
  },
});

import { version } from '$app/env';
import { assets, immutable, routes } from '$app/manifest';
import { handleNotificationClick, handlePush, handleSubscriptionChange } from './lib/worker/push.ts';
import type { WorkerScope } from './lib/worker/scope.ts';

/**
 * Keeps the dashboard itself on the device, so that it opens without the server: the page, its scripts, styles and pictures. Never an answer
 * of the API: what is shown as live comes from the server, or is not shown as live.
 */
const worker = globalThis.self as unknown as WorkerScope;
const shellPrefix = 'signalbox-shell-';
const shellName = `${shellPrefix}${version}`;
/** The page that finds its way by itself. */
const page = '/index.html';
/** Alphabets that no word of the dashboard is written in: a ticker that is asks for its own. */
const otherLetters = /-(cyrillic|greek)(-ext)?-/;
const kept = [
  page,
  ...[...immutable, ...assets].map(({ path }) => absolute(path)).filter((path) => !otherLetters.test(path)),
];
const pages = routes.filter((route) => route.page).map((route) => patternOf(route.id));

worker.addEventListener('install', (event) => event.waitUntil(keep()));
worker.addEventListener('activate', (event) => event.waitUntil(takeOver()));
// The person has said that the new version may be loaded.
worker.addEventListener('message', (event) => {
  if (event.data === 'load-new-version') event.waitUntil(worker.skipWaiting());
});
worker.addEventListener('push', (event) => event.waitUntil(handlePush(worker, event)));
worker.addEventListener('notificationclick', (event) => event.waitUntil(handleNotificationClick(worker, event)));
worker.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(handleSubscriptionChange(worker, event)));
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return;
  if (request.mode === 'navigate') {
    if (pages.some((pattern) => pattern.test(url.pathname))) event.respondWith(fromShell(page, request));
  } else if (kept.includes(url.pathname) || url.pathname.startsWith('/_app/immutable/')) {
    event.respondWith(fromShell(url.pathname, request));
  }
});

function absolute(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}

/** The addresses of a page: "/accounts/[id]" is any one step below "/accounts". */
function patternOf(route: string): RegExp {
  const steps = route.split('/').map((step) => (step.startsWith('[') ? '[^/]+' : step.replaceAll(/[^\w-]/g, '\\$&')));
  return new RegExp(`^${steps.join('/')}/?$`);
}

async function keep(): Promise<void> {
  const shell = await caches.open(shellName);
  const known = await caches.keys();
  await Promise.all(
    kept.map(async (path) => {
      // A name with a hash in it never changes what it stands for: what an older version has kept is not asked for again.
      if (path.startsWith('/_app/immutable/')) {
        for (const name of known.filter((one) => one.startsWith(shellPrefix))) {
          const there = await (await caches.open(name)).match(path);
          if (there) return shell.put(path, there);
        }
      }
      const answer = await fetch(path, { cache: path.startsWith('/_app/immutable/') ? 'default' : 'reload' });
      if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}`);
      await shell.put(path, answer);
    }),
  );
}

/** What was kept last before this stays too: other windows may still show that version, and ask for parts of it. */
async function takeOver(): Promise<void> {
  const shells = (await caches.keys()).filter((name) => name.startsWith(shellPrefix));
  const older = shells.filter((name) => name !== shellName);
  await Promise.all(older.slice(0, -1).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

async function fromShell(path: string, request: Request): Promise<Response> {
  const own = await (await caches.open(shellName)).match(path);
  return own ?? (await caches.match(path)) ?? fetch(request);
}

import { setTimeout as wait } from 'node:timers/promises';
import type { Order, Receipt } from '../../server/contract/index.ts';
import { phoneProfile, phoneViewport } from '../../server/testing/phone-profile.ts';
import { at, median, ms, table } from '../measure.ts';
import { type Desk, openBrowser, openDesk } from './desk.ts';
import { appendAlerts, moveQuotes } from './feed.ts';
import { measureFrames, measureHeap, measureOpening, type Opening, shownAt } from './page-figures.ts';

const alerts = 10_000;
const eventsPerSecond = 50;
/** So many of each kind a page keeps, as web/src/lib/api/rows.svelte.ts has it. */
const rowsKept = 20_000;

/** The three main pages, and what must be there before one counts as shown: rows, and not the words in their place. */
const pages = [
  { name: 'overview', path: '/', shown: '[aria-label="Open positions"] tbody tr td' },
  { name: 'signals', path: '/signals', shown: '[aria-label="Signals"] tbody tr td' },
  { name: 'positions', path: '/positions', shown: '[aria-label="Positions"] tbody tr td' },
] as const;

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;
const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;
const ratio = (ours: number, reference: number): string => `${(ours / reference).toFixed(2)} times`;

/**
 * The dashboard in a real browser on a full system (10,000 alerts, 100 positions), beside one that has next to nothing (three and two):
 * how its main pages open, how soon a change at the exchange is on the screen, what 50 events a second do to its frames, and an hour of them to
 * its memory.
 */
export async function runDashboardBench(fullUrl: string, smallUrl: string, quick: boolean): Promise<void> {
  const browser = await openBrowser();
  const desks: Desk[] = [];
  try {
    const full = await openDesk(browser, fullUrl, 50);
    desks.push(full);
    const small = await openDesk(browser, smallUrl, 1);
    desks.push(small);
    await appendAlerts(full.sql, full.accountId, alerts, 30 * 86_400);
    await appendAlerts(small.sql, small.accountId, 1);
    await openings(full, small, quick ? 2 : 7);
    await onAPhone(full, quick ? 1 : 5);
    await small.close();
    desks.pop();
    await changes(full, quick ? 5 : 40);
    await frames(full, quick ? 5 : 60);
    await anHour(full, quick ? 60 : 3600);
  } finally {
    await browser.close();
    for (const desk of desks) await desk.close();
  }
}

async function openings(full: Desk, small: Desk, rounds: number): Promise<void> {
  const open = async (desk: Desk, path: string, shown: string): Promise<Opening> => {
    const page = await desk.page();
    try {
      return await measureOpening(page, `${desk.system.ready.dashboardUrl}${path}`, shown);
    } finally {
      await page.context().close();
    }
  };
  const rows = [
    [
      '',
      'first paint',
      'largest paint',
      'rows shown',
      'scripts',
      'long tasks',
      'rows shown, to 3 alerts and 2 positions',
    ],
  ];
  for (const { name, path, shown } of pages) {
    const ours: Opening[] = [];
    const reference: Opening[] = [];
    for (let round = 0; round < rounds; round++) {
      ours.push(await open(full, path, shown));
      reference.push(await open(small, path, shown));
    }
    const middle = (of: (one: Opening) => number, all: readonly Opening[] = ours): number => median(all.map(of));
    const shownMs = (one: Opening): number => one.shownMs;
    rows.push([
      name,
      ms(middle((one) => one.firstPaintMs)),
      ms(middle((one) => one.largestPaintMs)),
      ms(middle(shownMs)),
      kilobytes(middle((one) => one.scriptBytes)),
      `${middle((one) => one.longTasks)}, ${ms(middle((one) => one.longTaskMs))}`,
      ratio(middle(shownMs), middle(shownMs, reference)),
    ]);
  }
  console.log(
    `\ndashboard: opened with an empty cache, ${alerts.toLocaleString('en-US')} alerts and 100 positions, medians of ${rounds}`,
  );
  console.log(table(rows));
}

async function onAPhone(desk: Desk, rounds: number): Promise<void> {
  const found: Opening[] = [];
  for (let round = 0; round < rounds; round++) {
    const page = await desk.page({ viewport: phoneViewport, hasTouch: true, isMobile: true });
    await phoneProfile(page);
    found.push(await measureOpening(page, `${desk.system.ready.dashboardUrl}/`, pages[0].shown));
    await page.context().close();
  }
  const shown = found.map((one) => one.shownMs);
  console.log(
    `\ndashboard: on a phone at a quarter of this machine's speed, 1.6 Mbit/s and 150 ms away: the portfolio after ${ms(median(shown))} ` +
      `(worst of ${rounds}: ${ms(Math.max(...shown))}), first paint ${ms(median(found.map((one) => one.firstPaintMs)))}, ` +
      `scripts ${kilobytes(median(found.map((one) => one.scriptBytes)))}`,
  );
}

/** From the call that changes something at the exchange to the frame after the one that shows it. */
async function changes(desk: Desk, rounds: number): Promise<void> {
  const page = await desk.page();
  await page.goto(`${desk.system.ready.dashboardUrl}/positions`);
  await page.locator(pages[2].shown).first().waitFor();
  const quotes: number[] = [];
  // One that is in sight: of a long table the rows near the screen exist.
  const first = (await page.locator(pages[2].shown).first().innerText()).trim();
  const { symbol, bid: base } = desk.held.find((one) => first.startsWith(one.symbol))!;
  for (let round = 0; round < rounds; round++) {
    // Between its stop and its target.
    const bid = Number((base * 1.001 + round * 0.01).toFixed(2));
    const seen = await shownAt(page, 'main', (bid + 0.01).toFixed(2));
    // Not in step with whatever is told at intervals.
    await wait(200 + ((round * 37) % 100));
    const startedMs = performance.now();
    await desk.exchange.setQuote(symbol, bid, Number((bid + 0.02).toFixed(2)));
    quotes.push((await seen()) - startedMs);
  }
  const fills: number[] = [];
  await desk.system.api('/strategies/resting', { method: 'PUT', body: '{"settings":{"entryType":"limit"}}' });
  const free = desk.exchange.market.instruments.slice(desk.held.length).filter((one) => one.assetClass === 'us_equity');
  for (const one of free.slice(0, rounds)) {
    const limit = Number((one.anchor * 0.995).toFixed(2));
    await desk.exchange.setQuote(one.symbol, one.anchor, Number((one.anchor + 0.02).toFixed(2)));
    const alert = {
      signal: 'BUY',
      ticker: one.symbol,
      mode: 'Paper',
      quantity: 3,
      entryPrice: limit,
      strategy: 'resting',
    };
    const { status, body } = await desk.system.post(JSON.stringify(alert));
    if (status !== 202) throw new Error(`an alert was not taken: ${status} ${JSON.stringify(body)}`);
    const rests = async (): Promise<boolean> =>
      (
        await desk.system.api<{ items: Order[] }>(`/orders?status=open&symbol=${encodeURIComponent(one.symbol)}`)
      ).items.some(({ role, status: state }) => role === 'entry' && state === 'accepted');
    const untilMs = performance.now() + 20_000;
    while (!(await rests())) {
      if (performance.now() > untilMs) {
        const { signal } = await desk.system.api<Receipt>(`/signals/${body.id as string}/receipt`);
        throw new Error(
          `the entry of ${one.symbol} does not rest at the exchange: ${signal.sentence ?? signal.orderStatus}`,
        );
      }
      await wait(50);
    }
    const seen = await shownAt(page, 'main', one.symbol);
    await wait(300);
    const startedMs = performance.now();
    await desk.exchange.setQuote(one.symbol, Number((limit - 0.05).toFixed(2)), Number((limit - 0.03).toFixed(2)));
    fills.push((await seen()) - startedMs);
  }
  const sentence = (all: readonly number[]): string =>
    `median ${ms(median(all))}, worst of ${all.length} ${ms(Math.max(...all))}`;
  console.log(`\ndashboard: from the exchange to the screen: a price ${sentence(quotes)}; a fill ${sentence(fills)}`);
  await page.context().close();
}

async function frames(desk: Desk, seconds: number): Promise<void> {
  const rows = [['', 'median frame', '99 of 100', 'longest', 'over 50 ms', 'long tasks']];
  const page = await desk.page();
  const watch = async (name: string): Promise<number> => {
    const { gapsMs, longTasks } = await measureFrames(page, seconds);
    const over = gapsMs.filter((gap) => gap > 50).length;
    rows.push([
      name,
      ms(at(gapsMs, 0.5)),
      ms(at(gapsMs, 0.99)),
      ms(at(gapsMs, 1)),
      `${over} of ${gapsMs.length}`,
      `${longTasks.length}, longest ${ms(Math.max(0, ...longTasks))}`,
    ]);
    return gapsMs.length;
  };
  for (const { name, path, shown } of pages) {
    await page.goto(`${desk.system.ready.dashboardUrl}${path}`);
    await page.locator(shown).first().waitFor();
    await page.waitForLoadState('networkidle');
    const quiet = await watch(`${name}, nothing happens`);
    const stop = fed(desk);
    const busy = await watch(`${name}, ${eventsPerSecond} events a second`);
    await stop();
    rows.at(-1)!.push(`${((busy / quiet) * 100).toFixed(1)} % of the frames`);
  }
  await page.context().close();
  console.log(`\ndashboard: frames in ${seconds} s`);
  console.log(table(rows));
}

/** Alerts and prices, half and half, until it is stopped. */
function fed(desk: Desk): () => Promise<void> {
  const stopQuotes = moveQuotes((...quote) => desk.exchange.setQuote(...quote), desk.held, eventsPerSecond / 2);
  let adding: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    adding = adding.then(() => appendAlerts(desk.sql, desk.accountId, eventsPerSecond / 10));
  }, 200);
  return async () => {
    clearInterval(timer);
    stopQuotes();
    await adding;
  };
}

/** As many events as come in so many seconds, as fast as they are taken; nothing is left out, as the last one must be shown. */
async function anHour(desk: Desk, seconds: number): Promise<void> {
  const page = await desk.page();
  await page.goto(`${desk.system.ready.dashboardUrl}/`);
  await page.locator(pages[0].shown).first().waitFor();
  const socket = await desk.system.connect();
  // Of one batch, in whichever order they are told.
  const told = new Set<string>();
  socket.on('signal', (signal) => told.add(signal.id));
  const take = async (count: number): Promise<void> => {
    for (let left = count; left > 0; left -= 500) {
      const last = await appendAlerts(desk.sql, desk.accountId, Math.min(500, left));
      while (!told.has(last)) await wait(5);
      told.clear();
    }
    await page.locator('[aria-label="Signals"]').first().waitFor();
  };
  const stop = moveQuotes((...quote) => desk.exchange.setQuote(...quote), desk.held, eventsPerSecond / 2);
  // A page keeps so many rows of a kind: what grows after that is lost.
  await take(rowsKept);
  const before = await measureHeap(page);
  const startedMs = performance.now();
  await take(eventsPerSecond * seconds);
  const tookS = (performance.now() - startedMs) / 1000;
  const after = await measureHeap(page);
  stop();
  socket.close();
  await page.context().close();
  console.log(
    `\ndashboard: after ${(eventsPerSecond * seconds).toLocaleString('en-US')} more events (${seconds / 60} min of them, in ${tookS.toFixed(0)} s), the overview ` +
      `holds ${megabytes(after.bytes)} and ${after.nodes.toLocaleString('en-US')} nodes, before ${megabytes(before.bytes)} and ` +
      `${before.nodes.toLocaleString('en-US')}: ${ratio(after.bytes, before.bytes)}`,
  );
}

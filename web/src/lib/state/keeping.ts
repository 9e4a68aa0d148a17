import { live } from '../api/live.svelte.ts';
import { keepPortfolio, keptPortfolio } from './last-portfolio.ts';
import { offline } from './offline.svelte.ts';

/** How often what is shown is kept on this device. */
const everyMs = 10_000;
/** How long the server may take before what was kept is shown: a line may be so bad that it neither answers nor fails. */
const patienceMs = 4000;
/** How often the server is asked again while it does not answer. */
const againMs = 5000;

/** Shows what was kept last when the first reading fails, or is not done for long. */
export function showKept(read: Promise<void>): void {
  const show = async (): Promise<void> => {
    const kept = live.loaded || live.positionsLoaded ? null : await keptPortfolio();
    // Whoever was turned away is on the way to sign in.
    if (kept && !live.loaded && location.pathname !== '/sign-in') live.restore(kept);
  };
  const late = setTimeout(() => void show(), patienceMs);
  void read.then(() => {
    clearTimeout(late);
    return show();
  });
}

/** Asks the server again while what is shown is old. Answers how to stop. */
export function askAgain(): () => void {
  const ask = (): void => {
    if (offline.asOf !== null) void live.load();
  };
  const timer = setInterval(ask, againMs);
  addEventListener('online', ask);
  return () => {
    clearInterval(timer);
    removeEventListener('online', ask);
  };
}

/** Keeps what is shown while it is live, from the first reading on. Answers how to stop. */
export function keepOften(read: Promise<void>): () => void {
  let before = '';
  let keptAtMs = 0;
  const keep = (): void => {
    const now = live.portfolio();
    if (now === null) return;
    const { asOf: _asOf, ...rest } = now;
    const told = JSON.stringify(rest);
    // The moment alone is worth keeping as well, but not at every look: once a minute.
    if (told === before && Date.parse(now.asOf) - keptAtMs < 60_000) return;
    before = told;
    keptAtMs = Date.parse(now.asOf);
    void keepPortfolio(now);
  };
  const hidden = (): void => {
    if (document.visibilityState === 'hidden') keep();
  };
  const timer = setInterval(keep, everyMs);
  void read.then(keep);
  document.addEventListener('visibilitychange', hidden);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', hidden);
  };
}

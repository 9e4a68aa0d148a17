import { setWideLimits } from '../wide-limits.ts';
import type { Figure } from './compare-records.ts';
import { createDesk, type Desk } from './desk.ts';
import { type Draw, drawOf } from './draw.ts';
import { installEventWatch, watchEvents } from './event-watch.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { createLoad, type Load, strategies } from './load.ts';
import { createMoments, type Moments, type Step } from './moments.ts';
import type { TortureOptions } from './options.ts';
import { createOutages, type Outages } from './outages.ts';
import { quietDown } from './quiet.ts';
import { createSenders, type Senders } from './senders.ts';
import type { ServerProcess } from './server-process.ts';
import { openStage, ownRoot, type Stage } from './stage.ts';
import { stepsOf } from './step-order.ts';
import { compareProtection, type ProtectionFigures } from './unprotected.ts';
import { startVenueProxy, type VenueProxy, type Verdict } from './venue-proxy.ts';
import type { VenueRecord } from './venue-record.ts';
import { createWeather, type Weather } from './weather.ts';

/** What a run came to. */
export interface TortureResult {
  readonly figures: readonly Figure[];
  readonly killsByStep: Readonly<Record<string, number>>;
  /** How often each fault struck. */
  readonly faults: Readonly<Record<string, number>>;
  /** How often each fault of the exchange was turned on. */
  readonly turnedOn: Readonly<Record<string, number>>;
  readonly sent: Readonly<Record<string, number>>;
  readonly attempts: Readonly<Record<string, number>>;
  readonly requests: Readonly<Record<string, number>>;
  /** Milliseconds from a kill to the next process's being ready, and to its having compared its books with the exchange. */
  readonly readyMs: readonly number[];
  readonly reconciledMs: readonly number[];
  readonly databaseMs: readonly number[];
  /** Milliseconds that count of each time in which shares were without a stop, and how many of these times fell in no outage. */
  readonly unprotectedMs: readonly number[];
  readonly unprotectedOutsideOutages: number;
  readonly endedByItself: readonly string[];
  /** What became of the alerts, by status or by the reason of a denial. */
  readonly decided: Readonly<Record<string, number>>;
  readonly alerts: number;
  readonly acknowledged: number;
  readonly orders: number;
  readonly fills: number;
  readonly tookMs: number;
  /** Where databases and logs are, when they were kept. */
  readonly folder: string;
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
/** Alerts and orders that may be on their way before no more are sent. */
const mostLeft = 50;
/** How long a step is waited for before chance takes its place; when only some are asked for, each is surely waited for. */
const patienceMs = 5000;
const aimedPatienceMs = 60_000;
/** `protection.withinSeconds` as it is set initially, twice: for a stop to come by itself, and as long again for one that is placed instead. */
const allowedMs = 2 * 5000;

/** Runs the whole: stage, load, kills and faults, quiet, comparison. */
export async function torture(options: TortureOptions): Promise<TortureResult> {
  const startedMs = performance.now();
  const stage = await openStage(options.seed);
  const run = new Run(options, stage, startedMs);
  let passed = false;
  try {
    const result = await run.all();
    passed = result.figures.every((figure) => figure.value === 0);
    return result;
  } finally {
    await run.close();
    await stage.close(options.keep && !passed);
  }
}

function counted(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

class Run {
  readonly #options: TortureOptions;
  readonly #stage: Stage;
  readonly #startedMs: number;
  readonly #moments: Moments = createMoments();
  readonly #draw: Draw;
  readonly #patienceMs: number;
  readonly #killsByStep: Record<string, number> = {};
  readonly #ownFaults: Record<string, number> = {};
  readonly #outages: Outages = createOutages();
  readonly #readyMs: number[] = [];
  readonly #reconciledMs: number[] = [];
  readonly #databaseMs: number[] = [];
  #kills = 0;
  #up = false;
  #engaged = false;
  /** After how many kills the books were last compared. */
  #reconciledAt = Number.NEGATIVE_INFINITY;
  #doing = 'starting';
  #proxy!: VenueProxy;
  #fleet!: Fleet;
  #senders!: Senders;
  #load!: Load;
  #weather!: Weather;
  #desk!: Desk;

  constructor(options: TortureOptions, stage: Stage, startedMs: number) {
    this.#options = options;
    this.#stage = stage;
    this.#startedMs = startedMs;
    this.#draw = drawOf(options.seed, 'kills');
    this.#patienceMs = options.aim === null ? patienceMs : aimedPatienceMs;
  }

  async all(): Promise<TortureResult> {
    const { options, stage } = { options: this.#options, stage: this.#stage };
    this.#proxy = await startVenueProxy(stage.exchange.url, {
      onRequest: (errand, when) => (errand === 'read' ? 'pass' : this.#moments.tell(`${errand} ${when}` as Step)),
      onFillTold: () => void this.#moments.tell('fill told'),
      onEnded: (request) => this.#outages.request(request),
    });
    this.#fleet = await createFleet({
      root: options.root ?? ownRoot,
      folder: stage.folder,
      workers: options.workers,
      databaseUrl: stage.database.url,
      exchange: { ...stage.exchange, url: this.#proxy.url },
      onEnded: () => this.#outages.serverDown(),
    });
    await this.#firstStart();
    this.#senders = createSenders(() => this.#fleet.address()?.webhookUrl ?? null, this.#moments);
    this.#weather = createWeather(stage.exchange, drawOf(options.seed, 'weather'));
    this.#desk = createDesk({
      api: () => {
        const at = this.#fleet.address();
        if (!at || !this.#up) return null;
        const signInUrl = /Sign in\s+(\S+)/.exec(this.#fleet.intake.output())?.[1] ?? null;
        return { url: at.apiUrl, token: at.apiToken, signInUrl };
      },
      sql: () => stage.database.sql(),
      draw: drawOf(options.seed, 'desk'),
    });
    this.#load = createLoad({
      draw: drawOf(options.seed, 'load'),
      senders: this.#senders,
      venue: stage.exchange,
      rate: 8,
      behind: async () => {
        const [left] = await stage.database.sql()<{ count: number }[]>`
          select (select count(*) from trading_signals where status = 'accepted')::int + (
            select count(*) from orders where status in ('approved', 'waiting', 'submitting', 'submit_unknown'))::int as count`;
        return left!.count > mostLeft;
      },
      name: `torture-${options.seed}`,
    });
    await this.#prepare();
    this.#load.start();
    await this.#killing();
    return this.#finish();
  }

  /** The first start migrates, and is killed meanwhile; the next one must find its way from wherever that was. */
  async #firstStart(): Promise<void> {
    const aimed = this.#options.aim === null || this.#options.aim.includes('migrating');
    const times = aimed ? Math.min(5, Math.floor(this.#options.kills / 8)) : 0;
    for (let i = 0; i < times; i++) {
      const starting = this.#fleet.start(this.#fleet.intake).catch(() => {});
      await sleep(this.#draw.whole(250, 1500));
      await this.#fleet.intake.kill();
      await starting;
      this.#count('migrating');
    }
    await this.#fleet.start(this.#fleet.intake);
    for (const process of this.#fleet.all.slice(1)) await this.#fleet.start(process);
    this.#up = true;
    this.#reconciledAt = this.#kills;
    await installEventWatch(this.#stage.database.sql());
    await watchEvents(this.#stage.database.sql(), this.#moments);
  }

  async #prepare(): Promise<void> {
    await this.#desk.enter();
    const at = this.#fleet.address()!;
    const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
      const response = await fetch(`${at.apiUrl}${path}`, {
        method,
        headers: { authorization: `Bearer ${at.apiToken}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    };
    await setWideLimits(ask);
    await ask('PATCH', '/settings', { intake: { ratePerSecond: 100_000, burst: 100_000 } });
    for (const [key, settings] of Object.entries(strategies)) await ask('PUT', `/strategies/${key}`, { settings });
  }

  async #killing(): Promise<void> {
    const { kills, minutes, aim, alerts } = this.#options;
    const untilMs = minutes === null ? Number.POSITIVE_INFINITY : this.#startedMs + minutes * 60_000;
    const next = stepsOf(this.#draw, aim);
    const faults = drawOf(this.#options.seed, 'faults');
    let round = 0;
    while ((this.#kills < kills || this.#load.total() < alerts) && performance.now() < untilMs) {
      if (this.#options.faults) await this.#disturb(faults, round++);
      if (this.#kills < kills) await this.#killAt(next());
      else await sleep(200);
      await this.#letEntriesGoOn();
      await sleep(this.#draw.whole(0, 400));
    }
  }

  /** What happens beside a kill: the exchange's weather, people's doings, a database or a connection that is lost. */
  async #disturb(draw: Draw, round: number): Promise<void> {
    await this.#weather.change(this.#options.everyFaultOnce ? 2 : null);
    if (draw.chance(0.4)) await this.#weather.jump();
    if (draw.chance(0.4)) await this.#desk.cancelOne().catch(() => false);
    if (draw.chance(0.08)) await this.#stopEntries(draw.chance(0.3));
    const once = this.#options.everyFaultOnce;
    const due = (every: number, offset: number) => (once ? round % every === offset : draw.chance(1 / every));
    if (due(12, 3)) await this.#freeze('stream');
    if (due(12, 5)) await this.#freeze('requests');
    if (due(14, 7)) {
      this.#outages.databaseFrozen();
      this.#lose('half-open database connections', this.#stage.database.proxy.freeze());
    }
    if (due(14, 9)) {
      this.#outages.databaseReset();
      this.#lose('database connections reset', this.#stage.database.proxy.live());
      this.#stage.database.proxy.cut();
    }
    if (due(9, 4)) await this.#killDatabase();
  }

  /** Stops entries; whatever was answered, they go on after the next start, or in a moment. */
  async #stopEntries(flatten: boolean): Promise<void> {
    this.#engaged = true;
    await this.#desk.killSwitch(flatten);
  }

  async #letEntriesGoOn(): Promise<void> {
    if (!this.#engaged) return;
    await sleep(this.#draw.whole(100, 600));
    await this.#desk.release();
    this.#engaged = false;
  }

  #lose(what: string, count: number): void {
    if (count > 0) this.#ownFaults[what] = (this.#ownFaults[what] ?? 0) + 1;
  }

  /** A server that has just started may have no connection yet; where each fault is to come, one is waited for. */
  async #freeze(kind: 'stream' | 'requests'): Promise<void> {
    const what = kind === 'stream' ? 'half-open order streams' : 'half-open broker connections';
    const untilMs = performance.now() + (this.#options.everyFaultOnce ? aimedPatienceMs : 0);
    let count = this.#proxy.freeze(kind);
    while (count === 0 && performance.now() < untilMs) {
      await sleep(5);
      count = this.#proxy.freeze(kind);
    }
    if (kind === 'requests') this.#outages.requestsFrozen();
    this.#lose(what, count);
  }

  async #killDatabase(): Promise<void> {
    this.#doing = 'PostgreSQL killed';
    this.#tellProgress();
    const fromMs = Date.now();
    this.#databaseMs.push(await this.#stage.database.killAndStart());
    this.#outages.databaseDown(fromMs);
    this.#lose('PostgreSQL killed', 1);
    await watchEvents(this.#stage.database.sql(), this.#moments);
  }

  async #killAt(step: Step): Promise<void> {
    this.#doing = step;
    this.#tellProgress();
    if (step === 'starting') {
      await this.#strike(step, this.#fleet.victims(step, this.#draw));
      return;
    }
    if (step === 'at random') {
      await sleep(this.#draw.whole(0, 900));
      await this.#strike(step, this.#fleet.victims(step, this.#draw));
      return;
    }
    if (!step.startsWith('compare') && step !== 'reconciliation.completed') await this.#untilCompared();
    const victims = this.#fleet.victims(step, this.#draw);
    const fate = this.#fateOf(step);
    let dead: Promise<unknown> = Promise.resolve();
    let killedMs = 0;
    const struck = this.#moments.await(step, () => {
      killedMs = performance.now();
      this.#noteDown(victims);
      dead = Promise.all(victims.map((victim) => victim.kill()));
      return fate;
    });
    const nudging = this.#nudge(step);
    const came = await Promise.race([struck.then(() => true), sleep(this.#patienceMs).then(() => false)]);
    this.#moments.forget();
    await nudging;
    if (!came) {
      await this.#strike('at random', victims);
      return;
    }
    await dead;
    this.#count(step);
    await this.#restart(victims, killedMs);
  }

  /** What becomes of the request at whose stage we strike: lost, or still carried out, now or much later. */
  #fateOf(step: Step): Verdict {
    if (step === 'alert answered') return 'drop';
    if (!step.endsWith(' arrived')) return step.endsWith(' taken') ? 'drop' : 'pass';
    const share = this.#draw.next();
    if (share < 0.4) return 'drop';
    return share < 0.85 ? 'pass' : { lateMs: this.#draw.whole(300, 4000) };
  }

  /** Brings about what a step needs, where the load does not do so often enough. */
  async #nudge(step: Step): Promise<void> {
    if (/^cancel |cancel/.test(step)) {
      for (let i = 0; i < 8; i++) {
        if (await this.#desk.cancelOne().catch(() => false)) return;
        await sleep(250);
      }
    }
    if (step === 'kill_switch.engaged') await this.#stopEntries(this.#draw.chance(0.3));
    if (step.startsWith('compare') || step === 'reconciliation.completed') {
      // A comparison follows each start and each reconnect.
      this.#proxy.cutStreams();
    }
    if (step === 'order.submit_unknown') await this.#weather.cause('reset_after');
    if (step === 'fill told' || step === 'order.filled') await this.#weather.jump();
  }

  async #strike(step: Step, victims: readonly ServerProcess[]): Promise<void> {
    const killedMs = performance.now();
    this.#noteDown(victims);
    await Promise.all(victims.map((victim) => victim.kill()));
    this.#count(step);
    if (step === 'starting') {
      // Again, while it starts.
      const starting = victims.map((victim) => this.#fleet.start(victim).catch(() => {}));
      await sleep(this.#draw.whole(20, 1200));
      this.#noteDown(victims);
      await Promise.all(victims.map((victim) => victim.kill()));
      await Promise.all(starting);
    }
    await this.#restart(victims, killedMs);
  }

  /** An intake beside workers looks after no shares. */
  #noteDown(victims: readonly ServerProcess[]): void {
    if (this.#fleet.all.length === 1 || victims.some((victim) => victim !== this.#fleet.intake)) {
      this.#outages.serverDown();
    }
  }

  #count(step: Step): void {
    this.#kills++;
    this.#killsByStep[step] = (this.#killsByStep[step] ?? 0) + 1;
  }

  async #restart(victims: readonly ServerProcess[], killedMs: number): Promise<void> {
    if (victims.includes(this.#fleet.intake)) this.#up = false;
    const before = this.#moments.seen['reconciliation.completed'] ?? 0;
    for (const victim of victims) await this.#startSurely(victim);
    this.#up = true;
    this.#readyMs.push(performance.now() - killedMs);
    if (victims.some((victim) => victim !== this.#fleet.intake || this.#fleet.all.length === 1)) {
      void this.#untilReconciled(before, killedMs);
    } else this.#reconciledAt = this.#kills;
    await this.#revive();
  }

  /** Most steps come only once the books were compared with the exchange. */
  async #untilCompared(): Promise<void> {
    const untilMs = performance.now() + 2 * this.#patienceMs;
    while (performance.now() < untilMs && this.#reconciledAt < this.#kills) await sleep(10);
  }

  async #untilReconciled(before: number, killedMs: number): Promise<void> {
    const kills = this.#kills;
    while (this.#kills === kills) {
      if ((this.#moments.seen['reconciliation.completed'] ?? 0) > before) {
        this.#reconciledMs.push(performance.now() - killedMs);
        this.#reconciledAt = kills;
        return;
      }
      await sleep(5);
    }
  }

  /** As whoever looks after a server does: when it does not start, it is started again. */
  async #startSurely(process: ServerProcess): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#fleet.start(process);
        return;
      } catch (error) {
        if (attempt === 20) throw error;
        await sleep(200);
      }
    }
  }

  /** Starts again what has ended by itself, as a supervisor does. */
  async #revive(): Promise<void> {
    for (const process of this.#fleet.all) if (!process.alive()) await this.#startSurely(process);
  }

  #tellProgress(): void {
    this.#options.onProgress?.({
      kills: this.#kills,
      of: this.#options.kills,
      alerts: this.#load.total(),
      acknowledged: this.#senders.acknowledged.size,
      orders: this.#proxy.counts.submit,
      doing: this.#doing,
      elapsedMs: performance.now() - this.#startedMs,
    });
  }

  async #finish(): Promise<TortureResult> {
    const options = this.#options;
    this.#doing = 'quiet';
    this.#tellProgress();
    await this.#weather.clear();
    await this.#revive();
    await this.#desk.release();
    await this.#load.finish();
    await this.#revive();
    const { figures, own, venue } = await quietDown({
      sql: () => this.#stage.database.sql(),
      venue: this.#stage.exchange,
      acknowledged: this.#senders.acknowledged,
      quietMs: options.quietMs,
      sought: options.sought,
      alive: () => this.#revive(),
    });
    const { figure, countedMs, outsideOutages } = await this.#protection(venue);
    return {
      figures: [...figures, figure],
      unprotectedMs: countedMs,
      unprotectedOutsideOutages: outsideOutages,
      killsByStep: this.#killsByStep,
      faults: { ...(await this.#weather.hits()), ...this.#ownFaults },
      turnedOn: this.#weather.turnedOn,
      sent: { ...this.#load.sent, ...this.#desk.done },
      attempts: this.#senders.attempts,
      requests: this.#proxy.counts,
      readyMs: this.#readyMs,
      reconciledMs: this.#reconciledMs,
      databaseMs: this.#databaseMs,
      endedByItself: this.#fleet.endedByItself(),
      decided: counted(own.signals.map(({ status, code }) => code ?? status)),
      alerts: this.#load.total(),
      acknowledged: this.#senders.acknowledged.size,
      orders: own.orders.length,
      fills: venue.fills.length,
      tookMs: performance.now() - this.#startedMs,
      folder: this.#stage.folder,
    };
  }

  /** How long shares were without a stop, by the exchange's record, when somebody was there who could have placed one. */
  async #protection(venue: VenueRecord): Promise<ProtectionFigures> {
    const sql = this.#stage.database.sql();
    const compared = await sql<{ at: Date }[]>`
      select at from events where kind = 'reconciliation.completed' order by seq`;
    const outages = this.#outages.all(
      compared.map(({ at }) => at.getTime()),
      venue,
    );
    return compareProtection(venue, outages, allowedMs, Date.now());
  }

  async close(): Promise<void> {
    this.#senders?.close();
    await Promise.all((this.#fleet?.all ?? []).map((process) => process.kill()));
    await this.#proxy?.close();
  }
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadDialects } from '../../pipeline/intake/load-dialects.ts';
import { ownRoot } from '../torture/stage.ts';
import { type Answered, type Audit, audit, digestOf } from './audit.ts';
import { corpusSeeds } from './corpus-seeds.ts';
import { documentedCodes } from './documented-codes.ts';
import { drawRequest } from './draw-request.ts';
import { type FindingName, findings, judge } from './judge.ts';
import { judgeMemory, type MemorySample, type MemoryVerdict, residentBytes } from './memory.ts';
import { openSources } from './open-sources.ts';
import type { FuzzOptions } from './options.ts';
import { expectedOf } from './oracle.ts';
import type { FuzzRequest } from './request.ts';
import { startUnderTest } from './under-test.ts';
import { openLane, type Reply } from './wire-client.ts';

/** A figure that has to be zero. */
export interface Figure {
  readonly name: string;
  readonly says: string;
  readonly value: number;
  readonly cases: readonly string[];
}

export interface FuzzResult {
  readonly bodies: number;
  readonly figures: readonly Figure[];
  readonly outcomes: Readonly<Record<string, number>>;
  readonly statuses: Readonly<Record<string, number>>;
  readonly kinds: Readonly<Record<string, number>>;
  readonly dialects: Readonly<Record<string, number>>;
  readonly repliesMs: { readonly p50: number; readonly p99: number; readonly most: number };
  readonly memory: MemoryVerdict | null;
  readonly memorySamples: readonly MemorySample[];
  readonly audit: Audit;
  readonly tookMs: number;
  readonly folder: string;
}

const shownCases = 8;
const mostReproducers = 50;
const sampleMs = 500;

const count = (all: Record<string, number>, name: string): void => {
  all[name] = (all[name] ?? 0) + 1;
};

/** Sends mutated alerts to a server of its own until there are enough, and compares what it answered and stored with what the bytes say. */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const startedMs = performance.now();
  const [seeds, dialects, documented] = await Promise.all([corpusSeeds(), loadDialects(), documentedCodes(ownRoot)]);
  const server = await startUnderTest(options.root);
  const found = new Map<FindingName, { count: number; cases: string[] }>();
  const answers = new Map<string, Answered>();
  const maybe = new Set<string>();
  const outcomes: Record<string, number> = {};
  const statuses: Record<string, number> = {};
  const kinds: Record<string, number> = {};
  const spoken: Record<string, number> = {};
  const repliesMs: number[] = [];
  const samples: MemorySample[] = [];
  let [bodies, next, reproducers] = [0, 0, 0];
  let doing = 'opening sources';
  const pid = server.process.pid();
  const sample = (): void => {
    const bytes = pid === null ? null : residentBytes(pid);
    if (bytes !== null) samples.push({ bodies, bytes });
  };
  const tell = (): void =>
    options.onProgress?.({
      bodies,
      of: options.bodies,
      found: [...found.values()].reduce((sum, one) => sum + one.count, 0),
      residentMib: samples.length === 0 ? null : samples.at(-1)!.bytes / 1024 / 1024,
      doing,
      elapsedMs: performance.now() - startedMs,
    });
  const telling = setInterval(tell, 2000);
  const sampling = setInterval(sample, sampleMs);
  const lanes = Array.from({ length: options.lanes }, () => openLane(server.port));
  try {
    const sources = await openSources(server.ask, seeds);
    const reproduce = join(server.folder, 'findings');

    const note = async (name: FindingName, detail: string, request: FuzzRequest, reply: Reply): Promise<void> => {
      const one = found.get(name) ?? { count: 0, cases: [] };
      found.set(name, one);
      one.count++;
      if (one.cases.length >= shownCases && reproducers >= mostReproducers) return;
      const file = join(reproduce, `${name}-${request.index}.json`);
      one.cases.push(`--only ${request.index} (${request.kind.join(', ')}; ${request.source.source}): ${detail}`);
      reproducers++;
      await mkdir(reproduce, { recursive: true });
      const { wire, body, ...about } = request;
      const told = {
        seed: options.seed,
        finding: findings[name],
        detail,
        ...about,
        reply,
        wire: wire.toString('base64'),
        body: body?.toString('base64') ?? null,
      };
      await writeFile(file, `${JSON.stringify(told, null, 2)}\n`);
    };

    const one = async (lane: (typeof lanes)[number], index: number): Promise<void> => {
      const now = new Date();
      const request = drawRequest(index, { seed: options.seed, seeds, sources, now });
      const expected = expectedOf(request, dialects, now);
      const reply = await lane.send(request.wire, request);
      bodies++;
      const judged = judge(request, expected, reply, documented);
      if (reply.kind === 'answered') repliesMs.push(reply.tookMs);
      count(outcomes, judged.outcome ?? 'something else');
      count(statuses, reply.kind === 'answered' ? String(reply.status) : reply.kind);
      for (const kind of request.kind) count(kinds, kind);
      count(
        spoken,
        request.route === 'traders-post' ? 'traders-post’s own address' : (request.source.dialect ?? 'by shape'),
      );
      for (const [name, detail] of judged.found) await note(name, detail, request, reply);
      const { id, repeated } = judged;
      if (id === null) {
        // The connection broke before the answer came; whether it was stored before that is chance.
        if (expected && expected.stored !== null && request.also.length > 0)
          maybe.add(`${expected.outcome} ${digestOf(expected.stored)}`);
        return;
      }
      const accepted = judged.outcome === 'accepted';
      // Of an alert that was taken before only the first text is kept; TradersPost's replies do not tell the two apart.
      const known = answers.get(id) ?? { digests: new Set<string>(), accepted };
      if (!repeated || request.route === 'traders-post') known.digests.add(digestOf(expected?.stored ?? ''));
      answers.set(id, known);
    };

    const untilMs = options.minutes === null ? Number.POSITIVE_INFINITY : startedMs + options.minutes * 60_000;
    const isFound = (): boolean =>
      options.sought.some((name) =>
        name === 'memory' ? judgeMemory(samples)?.flat === false && bodies > 1500 : found.has(name as FindingName),
      );
    doing = 'sending';
    sample();
    if (options.only !== null) await one(lanes[0]!, options.only);
    else
      await Promise.all(
        lanes.map(async (lane) => {
          while (next < options.bodies && server.process.alive() && performance.now() < untilMs && !isFound()) {
            await one(lane, next++);
          }
        }),
      );
    sample();
    clearInterval(sampling);
    doing = 'waiting for the last decisions';
    const sql = server.database.sql();
    const settledMs = performance.now() + options.settleMs;
    for (;;) {
      const [left] = await sql<
        { left: number }[]
      >`select count(*)::int as left from trading_signals where status = 'accepted'`;
      if (left!.left === 0 || performance.now() > settledMs || !server.process.alive()) break;
      doing = `waiting for the last ${left!.left} decisions`;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    doing = 'comparing what is stored';
    tell();
    const audited = await audit(sql, { answers, maybe });
    const memory = judgeMemory(samples);
    const crashes = server.process.endedByItself;
    const stored = (name: string, says: string, cases: readonly string[]): Figure => ({
      ...{ name, says },
      value: cases.length,
      cases: cases.slice(0, shownCases),
    });
    const sorted = Float64Array.from(repliesMs).sort();
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
    return {
      bodies,
      figures: [
        ...(Object.keys(findings) as FindingName[]).map((name) => ({
          name,
          says: findings[name],
          value: found.get(name)?.count ?? 0,
          cases: found.get(name)?.cases.slice(0, shownCases) ?? [],
        })),
        stored('crash', 'Ends of the server', crashes),
        stored('different', 'Stored otherwise than it was answered', audited.different),
        stored('untold', 'Stored, though no answer said so', audited.untold),
        stored('strayOrders', 'Orders of what was not accepted', audited.strayOrders),
        stored('senseless', 'Tickers or sizes that nobody could mean', audited.senseless),
        stored('memory', 'Memory that is not flat', memory === null || memory.flat ? [] : [JSON.stringify(memory)]),
      ],
      outcomes,
      statuses,
      kinds,
      dialects: spoken,
      repliesMs: { p50: at(0.5), p99: at(0.99), most: sorted.at(-1) ?? Number.NaN },
      memory,
      memorySamples: samples,
      audit: audited,
      tookMs: performance.now() - startedMs,
      folder: server.folder,
    };
  } finally {
    clearInterval(sampling);
    clearInterval(telling);
    for (const lane of lanes) lane.close();
    await server.close(options.keep || reproducers > 0);
  }
}

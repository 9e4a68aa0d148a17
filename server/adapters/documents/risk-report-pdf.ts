import { Worker } from 'node:worker_threads';
import type { RiskReportJson } from '../../contract/index.ts';

/** A report that takes longer than this is not made. */
const longestMs = 30_000;
/** Heap of the thread; a report of a hundred positions takes a part of it. */
const mostMegabytes = 512;

/** Makes PDF files of reports, one after the other, each in a thread of its own. Rejects when it cannot be made. */
export function createRiskReportPdf(): (report: RiskReportJson) => Promise<Uint8Array> {
  let last: Promise<unknown> = Promise.resolve();
  return (report) => {
    const made = last.then(() => render(report));
    last = made.catch(() => {});
    return made;
  };
}

function render(report: RiskReportJson): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./render-report.ts', import.meta.url), {
      workerData: report,
      resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
    });
    const timer = setTimeout(() => {
      reject(new Error('the PDF was not made in time'));
      void worker.terminate();
    }, longestMs);
    worker.once('message', (bytes: Uint8Array) => resolve(bytes));
    worker.once('error', reject);
    worker.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the thread that makes the PDF ended with ${code}`));
    });
  });
}

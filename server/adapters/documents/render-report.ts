// Runs in a thread of its own: laying out a document takes tenths of a second, in which no alert could be taken in.
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { RiskReportJson } from '../../contract/index.ts';
import { riskReportDocument } from './risk-report-document.ts';

const require = createRequire(import.meta.url);
const pdfmake = require('pdfmake') as typeof import('pdfmake');
const { Roboto } = require('pdfmake/fonts/Roboto.js') as { Roboto: Record<string, string> };
const fonts = new Set(Object.values(Roboto));

// Nothing but the four files of the font is read, and nothing is fetched.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path) => fonts.has(path));
pdfmake.setFonts({ Roboto });
const made = pdfmake.createPdf(riskReportDocument(workerData as RiskReportJson));
const bytes = new Uint8Array(await made.getBuffer());
parentPort!.postMessage(bytes, [bytes.buffer]);

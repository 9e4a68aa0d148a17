import { err, ok, type Result } from '../../../../core/result.ts';

/** A piece of a template: text that must stand there, a value that is taken, or one that is given. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'capture'; readonly name: string }
  | { readonly kind: 'given'; readonly name: string; readonly value: string };

export interface Template {
  readonly source: string;
  readonly pieces: readonly Piece[];
}

/** Where a template cannot be understood; the line and the column count from 1. */
export interface TemplateFault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export const maxTemplateLines = 10;
export const maxTemplateLength = 4000;

/** What a capture may be called, and the field of the native payload that it is. `_` is read over. */
export const captureNames: Readonly<Record<string, string>> = {
  action: 'signal',
  signal: 'signal',
  ticker: 'ticker',
  symbol: 'ticker',
  price: 'entryPrice',
  entry: 'entryPrice',
  quantity: 'quantity',
  contracts: 'quantity',
  position: 'targetPosition',
  portion: 'portion',
  risk: 'riskAmount',
  stop: 'stopLoss',
  stopPercent: 'stopLossPercent',
  target: 'takeProfit',
  targetPercent: 'takeProfitPercent',
  trailPercent: 'trailPercent',
  limit: 'limitPrice',
  trigger: 'stopPrice',
  orderType: 'orderType',
  timeInForce: 'timeInForce',
  opposite: 'opposite',
  whenHeld: 'whenHeld',
  offset: 'offset',
  confidence: 'confidence',
  previousPosition: 'previousPosition',
  previousSize: 'previousSize',
  time: 'timestamp',
  id: 'id',
  strategy: 'strategy',
  timeframe: 'timeframe',
  account: 'account',
  mode: 'mode',
  test: 'test',
};

const nameList = Object.keys(captureNames).join(', ');

/** Reads templates, one a line; blank lines are none. A brace is written twice where it stands for itself. */
export function compileTemplates(source: string): Result<readonly Template[], TemplateFault> {
  if (source.length > maxTemplateLength) return fault(1, 1, `expected at most ${maxTemplateLength} characters`);
  const templates: Template[] = [];
  for (const [at, line] of source.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const compiled = compileLine(line, at + 1);
    if (!compiled.ok) return compiled;
    templates.push(compiled.value);
  }
  if (templates.length === 0) return fault(1, 1, 'expected a template such as {action} {ticker} at {price}');
  if (templates.length > maxTemplateLines) return fault(1, 1, `expected at most ${maxTemplateLines} lines`);
  return ok(templates);
}

const fault = (line: number, column: number, message: string): Result<never, TemplateFault> =>
  err({ line, column, message });

function compileLine(source: string, line: number): Result<Template, TemplateFault> {
  const pieces: Piece[] = [];
  const named = new Set<string>();
  let literal = '';
  let at = 0;
  const endText = () => {
    // Spaces and line breaks of any number are one space, here and in the alert.
    const text = literal.replace(/\s+/g, ' ');
    if (text !== '') pieces.push({ kind: 'text', text: lowered(text) });
    literal = '';
  };
  while (at < source.length) {
    const here = source[at]!;
    if ((here === '{' || here === '}') && source[at + 1] === here) {
      literal += here;
      at += 2;
      continue;
    }
    if (here === '}') return fault(line, at + 1, 'expected a { before this }, or }} for the character itself');
    if (here !== '{') {
      literal += here;
      at += 1;
      continue;
    }
    const end = source.indexOf('}', at);
    if (end < 0) return fault(line, at + 1, 'expected a } after this {, or {{ for the character itself');
    const [name = '', ...rest] = source.slice(at + 1, end).split('=');
    const word = name.trim();
    const given = rest.length > 0 ? rest.join('=').trim() : null;
    const field = word === '_' ? '_' : Object.hasOwn(captureNames, word) ? captureNames[word]! : null;
    if (field === null || (field === '_' && given !== null)) {
      return fault(
        line,
        at + 2,
        `expected one of ${nameList}, or _ for what is read over, found ${JSON.stringify(word.slice(0, 64))}`,
      );
    }
    if (field !== '_' && named.has(field)) return fault(line, at + 2, `expected ${word} once`);
    named.add(field);
    // A value that is given takes no place: the text around it goes on.
    if (given !== null) pieces.push({ kind: 'given', name: field, value: given });
    else {
      endText();
      const last = pieces.findLast((piece) => piece.kind !== 'given');
      if (last?.kind === 'capture') {
        return fault(line, at + 1, 'expected text between two captures: it says where the first one ends');
      }
      pieces.push({ kind: 'capture', name: field });
    }
    at = end + 1;
  }
  endText();
  for (const needed of ['signal', 'ticker']) {
    if (!named.has(needed)) {
      const word = needed === 'signal' ? 'action' : needed;
      return fault(line, source.length + 1, `expected {${word}}, or {${word}=…} where the text does not say it`);
    }
  }
  return ok({ source: source.trim(), pieces: trimmed(pieces) });
}

/** What an alert begins and ends with is trimmed, so the template's ends are. */
function trimmed(pieces: readonly Piece[]): readonly Piece[] {
  const placed = pieces.filter((piece) => piece.kind !== 'given');
  return pieces.map((piece) => {
    if (piece.kind !== 'text') return piece;
    let { text } = piece;
    if (piece === placed[0]) text = text.trimStart();
    if (piece === placed.at(-1)) text = text.trimEnd();
    return { kind: 'text' as const, text };
  });
}

/** ASCII only: other letters may become more characters than they were, and places in the text would move. */
export const lowered = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

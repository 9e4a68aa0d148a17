import { counted } from './words.ts';

/** What is said when the server has told everything that happened while the connection was lost. */
export const caughtUp = (missed: number): string =>
  `Connected again. What happened meanwhile is filled in: ${counted(missed, 'event')}.`;

/** What is said when that was too much to be told one by one. */
export const tooMuchMissed = (): string =>
  'Connected again. Too much happened meanwhile to be told one by one: the lists were read anew.';

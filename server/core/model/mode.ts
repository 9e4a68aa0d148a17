/** Paper trades with play money; production with real money. */
export type Mode = 'paper' | 'production';
export const modes = ['paper', 'production'] as const satisfies readonly Mode[];

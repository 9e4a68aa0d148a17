const names = ['--chart-1', '--chart-2', '--chart-3', '--chart-4', '--chart-5', '--chart-6'];

/** The variable in which the colour of an indicator's line is kept: distinct to whoever sees red and green alike, too. */
export const seriesColour = (at: number): string => names[at % names.length]!;

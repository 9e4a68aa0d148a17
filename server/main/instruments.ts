import { fileURLToPath } from 'node:url';

/** Sector and industry of the well-known US names; server/data/README.md says where they are from. */
export const instrumentsFile = fileURLToPath(new URL('../data/instruments.csv', import.meta.url));

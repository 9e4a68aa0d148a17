/** The server's shapes, as types alone: nothing of the server is in the bundle. */
export type * from '../../../../server/contract/index.ts';

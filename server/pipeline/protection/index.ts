export { createProtectionWatch, type ProtectionVenue, type ProtectionWatch } from './watch.ts';

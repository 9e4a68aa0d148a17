import type { AuditLog } from '../core/ports/audit-log.ts';

/** The audit as routes read it. */
export type AuditDesk = Pick<AuditLog, 'head' | 'list' | 'read' | 'hashAt' | 'compareEvents' | 'findMissing'>;

-- Why: an alarm that is known and cannot be mended now is looked at later, by a moment that outlives a restart.
ALTER TABLE "alarms" ADD COLUMN "snoozed_until" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "alarms" ADD COLUMN "snoozed_by" text;

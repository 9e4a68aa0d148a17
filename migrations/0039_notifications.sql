-- Why: people are told what happens where they are, and not only where they look. A destination is where (an address of a channel, or one person's
-- device); a notification is what, once for the event it was made of; a delivery is the one sent to the other, once however often it is tried, and
-- stays as the log. Secrets of a destination are encrypted as broker keys are. The cursor begins here: what happened before is no news.
CREATE TABLE "notification_destinations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"channel" text NOT NULL,
	"person_id" text,
	"address_hash" text,
	"settings" jsonb NOT NULL,
	"secrets_encrypted" text NOT NULL,
	"place" text NOT NULL,
	"kinds" text[] NOT NULL,
	"quiet" jsonb,
	"enabled" boolean DEFAULT true NOT NULL,
	"given" text,
	"told_at" timestamp with time zone,
	"problem" text,
	"failing_since" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"removed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "notification_destinations_device" ON "notification_destinations" ("address_hash") WHERE removed_at is null;
--> statement-breakpoint
CREATE UNIQUE INDEX "notification_destinations_given" ON "notification_destinations" ("given") WHERE removed_at is null;
--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"event_id" uuid UNIQUE,
	"kind" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"facts" jsonb NOT NULL,
	"path" text NOT NULL,
	"live" boolean NOT NULL,
	"expires_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "notification_deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"notification_id" uuid NOT NULL REFERENCES "notifications" ("id"),
	"destination_id" uuid NOT NULL REFERENCES "notification_destinations" ("id"),
	"state" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"leased_until" timestamp with time zone,
	"tries" integer DEFAULT 0 NOT NULL,
	"subject" text,
	"text" text,
	"answer" text,
	"done_at" timestamp with time zone,
	UNIQUE ("notification_id", "destination_id")
);
--> statement-breakpoint
CREATE INDEX "notification_deliveries_due" ON "notification_deliveries" ("due_at") WHERE state = 'waiting';
--> statement-breakpoint
CREATE INDEX "notification_deliveries_newest" ON "notification_deliveries" ("created_at" DESC, "id" DESC);
--> statement-breakpoint
CREATE TABLE "notification_templates" (
	"channel" text NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"text" text NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	PRIMARY KEY ("channel", "kind")
);
--> statement-breakpoint
INSERT INTO "event_cursors" ("reader", "xid", "seq", "updated_at")
	SELECT 'notifications', pg_snapshot_xmin(pg_current_snapshot()), 0, now() ON CONFLICT DO NOTHING;

-- Why: whoever moves here wants to see what a sender really sends before anything may come of it. A source can be a sandbox: what it sends is
-- kept as it came, without its secrets, and nothing else happens. Such alerts are no signals, so that nothing that decides, counts or sends
-- can ever come upon one; they have a table of their own, and end by age and by number.
ALTER TABLE "webhook_tokens" ADD COLUMN "sandbox_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "webhook_tokens" ADD COLUMN "sandbox_by" text;--> statement-breakpoint
CREATE TABLE "recordings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"webhook_id" uuid NOT NULL REFERENCES "webhook_tokens" ("id"),
	"received_at" timestamp with time zone NOT NULL,
	"address" text,
	"headers" jsonb NOT NULL,
	"dialect" text,
	"size_bytes" integer NOT NULL,
	"body" bytea NOT NULL
);
--> statement-breakpoint
CREATE INDEX "recordings_newest" ON "recordings" ("webhook_id", "received_at", "id");--> statement-breakpoint
CREATE INDEX "recordings_received" ON "recordings" ("received_at", "id");

-- Why: an address that leaked must be replaced without a gap, and a sender that can prove more than that it knows an address should be made
-- to. The secret before the one in force is taken until a stated moment; what else a source asks of its senders stands in a table of its own.
-- Of the address and the body only hashes are kept; what signs is needed to check a signature, and is encrypted as broker keys are. Nonces
-- are here and not in a process's memory, so that what was taken by one process or before a restart is refused by every other.
ALTER TABLE "webhook_tokens" ADD COLUMN "rotated_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "webhook_tokens" ADD COLUMN "previous_hash" text;--> statement-breakpoint
ALTER TABLE "webhook_tokens" ADD COLUMN "previous_until" timestamp with time zone;--> statement-breakpoint
CREATE TABLE "webhook_proofs" (
	"webhook_id" uuid PRIMARY KEY NOT NULL REFERENCES "webhook_tokens" ("id"),
	"required" jsonb NOT NULL,
	"body_field" text,
	"body_hash" text,
	"body_made_at" timestamp with time zone,
	"body_previous_hash" text,
	"body_previous_until" timestamp with time zone,
	"signing_key" text,
	"signing_made_at" timestamp with time zone,
	"signing_previous_key" text,
	"signing_previous_until" timestamp with time zone,
	"signature_window_seconds" integer NOT NULL,
	"addresses" jsonb NOT NULL,
	"certificate" jsonb NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "proof_nonces" (
	"webhook_id" uuid NOT NULL,
	"nonce" text NOT NULL,
	"signal_id" uuid NOT NULL,
	"released" boolean DEFAULT false NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	PRIMARY KEY ("webhook_id", "nonce")
);
--> statement-breakpoint
CREATE INDEX "proof_nonces_expire" ON "proof_nonces" ("expires_at");

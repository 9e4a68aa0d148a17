-- Why: a browser is told through its push service, which must know this server by a key that stays the same: the private half is encrypted. An approval
-- can be answered from the notification on a person's device: with a token of its own, kept as a hash, good for one answer and no longer than the question.
CREATE TABLE "push_keys" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL CHECK ("only"),
	"public_key" text NOT NULL,
	"private_key_encrypted" text NOT NULL,
	"made_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "push_answers" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"approval_id" uuid NOT NULL,
	"person_id" text NOT NULL,
	"destination_id" uuid NOT NULL REFERENCES "notification_destinations" ("id"),
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE INDEX "push_answers_of" ON "push_answers" ("destination_id", "approval_id");
